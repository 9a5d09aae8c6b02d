/**
 * Chains ready to run: chooses the execution path by size, measures the points w*, makes the program. Without a device
 * everything is done in float64 on the CPU.
 */
import type { ChipTarget } from '../../chip/types';
import { BadConfig } from '../../gpu/errors';
import type { Gpu } from '../../gpu/open';
import { openProgram } from '../../graph/open-program';
import type { Program } from '../../graph/program';
import type { Traits } from '../../plan/types';
import { compileChains } from '../chain/compile';
import { chooseVariant } from '../chain/variant';
import type { ChainSpec } from '../chain/types';
import { measurePoints, type MeasuredPoints } from './points';
import {
  chainAnchors,
  chainStarts,
  drawDirections,
  perChain,
  samplerOptions,
  type SamplingSetup,
} from './setup';

export type PathChoice = 'auto' | 'on-chip' | 'general';

export interface Sampling {
  readonly program: Program;
  readonly path: 'on-chip' | 'general';
  /** Why that path, for the run record. */
  readonly pathReason: string;
  /** Steps between rows that the program returns: 1 on the general path. */
  readonly rowEvery: number;
  readonly points: MeasuredPoints;
  /** Device memory; 0 on the CPU. */
  readonly bytes: number;
}

export interface OpenSampling {
  readonly prefer: PathChoice;
  /** Make the evaluation of per-sample losses, where the target has samples. */
  readonly observe: boolean;
  readonly onKernel?: (ready: number, total: number) => void;
}

/** Throws BadConfig naming `sampler.path` where the chip was asked for and can't be had. */
export async function openSampling(
  gpu: Gpu | null,
  setup: SamplingSetup,
  { prefer, observe, onKernel }: OpenSampling,
): Promise<Sampling> {
  const points = await measurePoints(gpu, setup);
  const { path, reason, spec } = choosePath(setup, points, prefer, gpu?.traits ?? null);
  if (spec) {
    const program = gpu ? await compileChains(gpu, spec, { onKernel }) : await interpreted(spec);
    const bytes = bytesOf(program);
    return { program, path, pathReason: reason, rowEvery: spec.rowEvery, points, bytes };
  }
  const { generalSpec } = await import('./general');
  const program = await openProgram(gpu, generalSpec(setup, points, observe), { onKernel });
  const bytes = bytesOf(program);
  return { program, path, pathReason: reason, rowEvery: 1, points, bytes };
}

async function interpreted(spec: ChainSpec): Promise<Program> {
  const { interpretChains } = await import('../chain/interpret');
  return interpretChains(spec);
}

function bytesOf(program: Program): number {
  return 'bytes' in program && typeof program.bytes === 'number' ? program.bytes : 0;
}

interface Choice {
  readonly path: 'on-chip' | 'general';
  readonly reason: string;
  readonly spec: ChainSpec | null;
}

function choosePath(
  setup: SamplingSetup,
  points: MeasuredPoints,
  prefer: PathChoice,
  traits: Traits | null,
): Choice {
  const { target, options } = setup;
  const general = (reason: string): Choice => {
    if (prefer === 'on-chip') {
      throw new BadConfig('sampler.path', {
        asked: 'on-chip',
        limit: reason,
        remedy: 'Set it to auto or general',
      });
    }
    return { path: 'general', reason, spec: null };
  };
  if (prefer === 'general') return general('asked for');
  if (!target.chain) return general(target.chainReason);
  if (options.batchSize !== null) return general('mini-batches are drawn on the general path');
  if (options.subspace !== null) return general('a subspace is sampled on the general path');
  const spec = chainSpec(setup, points);
  if (!traits) return { path: 'on-chip', reason: 'in float64 on the CPU', spec };
  const { variant, reason } = chooseVariant(traits, spec);
  return variant === null ? general(reason) : { path: 'on-chip', reason, spec };
}

function chainSpec(setup: SamplingSetup, { baseline }: MeasuredPoints): ChainSpec {
  const { target, layout, anchors, mask, keys, every, options } = setup;
  const anchor = chainAnchors(setup, anchors, layout.stride);
  return {
    target: ofChains(setup, target.chain!),
    layout,
    keys,
    start: chainStarts(setup, anchor, mask),
    baseline: baseline.length === 1 ? baseline[0] : perChain(setup, ({ point }) => baseline[point]),
    sampler: samplerOptions(setup, {
      anchor,
      mask,
      directions: drawDirections(mask, options.seed),
    }),
    rowEvery: every,
  };
}

/** Truths of points as truths of chains. */
function ofChains(setup: SamplingSetup, target: ChipTarget): ChipTarget {
  if (target.kind !== 'linear-network') return target;
  const { widths, truth } = target;
  const own = widths[0] * widths[widths.length - 1];
  if (truth.length === own) return target;
  const points = perChain(setup, ({ point }) => point);
  const all = new Float32Array(points.length * own);
  points.forEach((point, chain) =>
    all.set(truth.subarray(point * own, (point + 1) * own), chain * own),
  );
  return { ...target, truth: all };
}
