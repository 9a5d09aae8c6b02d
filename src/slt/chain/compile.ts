/**
 * Chains on the device: one dispatch takes many steps of all of them, their state on the chip.
 *
 *     const chains = await compileChains(gpu, spec);
 *     const { rows } = await chains.advance(1000);    // a row every spec.rowEvery steps
 */
import type { Chosen } from '../../chip/fit';
import { createChipRunner } from '../../chip/runner';
import { createSnapshots } from '../../chip/snapshots';
import type { Gpu } from '../../gpu/open';
import type { Program } from '../../graph/program';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import { buildPlan } from '../../plan/build';
import { stagingBytes } from '../../plan/staging';
import { lowerChains, PHASE } from './lower';
import { keptBy, SCALARS } from './method';
import type { ChainSpec } from './types';

/** A program whose step is a sampler's, with a row of metrics only every `rowEvery` of them. */
export interface ChainProgram extends Program {
  readonly rowEvery: number;
}

export interface DeviceChains extends ChainProgram {
  readonly variant: Chosen;
  /** Distinct pipelines. */
  readonly kernels: number;
  /** Device memory in bytes. */
  readonly bytes: number;
}

export interface ChainOptions {
  /** Told after each pipeline. */
  readonly onKernel?: (ready: number, total: number) => void;
  /** Forces a variant; by size and adapter unless given. */
  readonly variant?: 'lane' | 'team';
}

/**
 * Rows of `advance` are [steps s of it with s mod rowEvery = 0, metrics, R]. Throws `BadConfig`, `ShapeMismatch` or
 * `LimitExceeded` before anything is created on the device.
 */
export async function compileChains(
  gpu: Gpu,
  spec: ChainSpec,
  { onKernel, variant }: ChainOptions = {},
): Promise<DeviceChains> {
  const lowered = lowerChains(gpu.traits, spec, variant);
  const { phase, values, chosen, blocks } = lowered;
  const staging = stagingBytes(gpu, spec.keys.length, blocks.ring);
  const plan = await buildPlan(gpu, { phases: [phase], values, onKernel });
  const runner = createChipRunner({
    gpu,
    plan,
    phase: PHASE,
    ...{ clock: blocks.clock, ring: blocks.ring, capacity: lowered.capacity },
    columns: SAMPLER_METRICS.length * spec.keys.length,
    rowEvery: spec.rowEvery,
    flops: lowered.flops,
    stagingBytes: staging,
  });
  const snapshots = createSnapshots({
    ...{ gpu, plan, inOrder: runner.inOrder, blocks },
    ...{ replicas: spec.keys.length, size: spec.layout.stride },
    kept: { ...keptBy(spec.sampler), places: SCALARS },
  });
  let step = 0;
  return {
    layout: spec.layout,
    replicas: spec.keys.length,
    metrics: SAMPLER_METRICS,
    rowEvery: spec.rowEvery,
    limit: runner.limit,
    variant: chosen,
    kernels: plan.kernels,
    bytes: plan.bytes,
    get step() {
      return step;
    },
    async advance(count, evaluation) {
      if (evaluation !== undefined) throw new Error(`no evaluation named '${evaluation}'`);
      const firstStep = step;
      step += count;
      const batch = await runner.submit(count, firstStep);
      return { firstStep, count, ...batch, outputs: null };
    },
    save: () => snapshots.save(step),
    restore(snapshot) {
      snapshots.restore(snapshot);
      step = snapshot.step;
    },
    dispose() {
      runner.dispose();
      plan.dispose();
    },
  };
}
