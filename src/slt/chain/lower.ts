/** A spec as blocks, values and the two launches of a dispatch of steps. Pure: everything that can be said before there is a device. */
import tick from '../../../shaders/chip/tick.wgsl';
import { factsOf } from '../../chip/facts';
import { memoryOverrides, type Chosen } from '../../chip/fit';
import { LimitExceeded } from '../../gpu/errors';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import { beginPhase, createBlock } from '../../plan/phase';
import type { Block, Phase, Traits } from '../../plan/types';
import { checkChains } from './check';
import { anchorOf, chainNumbers, maskOf } from './hyper';
import { keptBy, SCALARS } from './method';
import { chainShaders } from './shaders';
import type { ChainSpec } from './types';
import { chooseVariant } from './variant';

export interface LoweredChains {
  readonly chosen: Chosen;
  /** The chains' kernel and the tick of the clock. */
  readonly phase: Phase;
  readonly values: ReadonlyMap<Block, Float32Array | Uint32Array>;
  readonly blocks: {
    readonly clock: Block;
    readonly parameters: Block;
    /** [R, planes·P + 8] */
    readonly state: Block;
    /** [rows, metrics, R] */
    readonly ring: Block;
  };
  /** Rows of the ring. */
  readonly capacity: number;
  /** Of a step of all chains, roughly. */
  readonly flops: number;
}

export const PHASE = 'chains';
/** Words of the clock before the keys. */
export const CLOCK_WORDS = 4;
/** Of 1,024 chains 341 rows on a GPU, whose steps are short beside a submit, and 85 on a software adapter. */
const RING_BYTES = { gpu: 16 * 2 ** 20, software: 4 * 2 ** 20 } as const;
const MOST_ROWS = 4096;
/** Of drawing and moving an element. */
const ELEMENT_FLOPS = 200;
const METRICS = SAMPLER_METRICS.length;

/** Throws BadConfig, ShapeMismatch or LimitExceeded. */
export function lowerChains(
  traits: Traits,
  spec: ChainSpec,
  variant?: 'lane' | 'team',
): LoweredChains {
  const settings = checkChains(spec);
  const chosen = chooseVariant(traits, spec, variant);
  if (chosen.variant === null) {
    throw new LimitExceeded({
      asked: `on-chip chains: ${chosen.reason}`,
      remedy: 'Use the general path',
    });
  }
  const { keys, layout, sampler, rowEvery, target } = spec;
  const chains = keys.length;
  const stride = layout.stride;
  const { code, planes } = keptBy(sampler);
  const { words: list, flops } = factsOf(spec, chosen.batch);
  const words = list();
  const ringBytes = RING_BYTES[traits.barriers ? 'gpu' : 'software'];
  const capacity = Math.max(1, Math.min(MOST_ROWS, Math.floor(ringBytes / (4 * METRICS * chains))));
  const persistent = (label: string, elements: number, element: 'f32' | 'u32' = 'f32'): Block =>
    createBlock(label, elements, 'persistent', element);
  const { values: fixed, stride: fixedStride, directions } = packFixed(spec);
  const blocks = {
    clock: persistent('clock', CLOCK_WORDS + 2 * chains, 'u32'),
    hyper: persistent('hyper', 12 * chains),
    fixed: persistent('anchor and mask', fixed.length),
    facts: persistent('target', words.length, 'u32'),
    parameters: persistent('parameters', chains * stride),
    state: persistent('state', chains * (planes.length * stride + SCALARS)),
    ring: persistent('rows', capacity * METRICS * chains, 'u32'),
  };
  const to = beginPhase(PHASE, traits, chains);
  to.launch(chainShaders[chosen.variant][target.kind], {
    bindings: blocks,
    params: {
      replicas: chains,
      row_every: rowEvery,
      capacity,
      leapfrog: settings.leapfrog,
      acceptance_every: settings.acceptanceEvery,
      fixed_stride: fixedStride / 4,
      directions: directions / 4,
    },
    overrides: {
      METHOD: code,
      ...memoryOverrides(spec, chosen, 2 + planes.length),
    },
    groups: [Math.ceil(chains / chosen.chains), 1, 1],
  });
  to.launch(tick, { bindings: { clock: blocks.clock }, params: {}, groups: [1, 1, 1] });
  return {
    chosen,
    phase: to.finish(),
    blocks,
    capacity,
    flops: chains * (flops + ELEMENT_FLOPS * stride),
    values: new Map<Block, Float32Array | Uint32Array>([
      [blocks.clock, Uint32Array.from([0, 0, 1, 0, ...keys.flat()])],
      [blocks.hyper, packHyper(spec)],
      [blocks.fixed, fixed],
      [blocks.facts, words],
      [blocks.parameters, spec.start],
      [blocks.state, new Float32Array(blocks.state.elements)],
    ]),
  };
}

/** Anchor and mask of four elements in turn, then the directions; offsets in floats. */
function packFixed(spec: ChainSpec): { values: Float32Array; stride: number; directions: number } {
  const { layout, sampler, keys } = spec;
  const size = layout.stride;
  const own = sampler.anchor.length > size || sampler.mask.length > size;
  const copies = own ? keys.length : 1;
  const directions = sampler.directions ?? null;
  const values = new Float32Array(2 * size * copies + (directions ? 2 * size : 0));
  for (let chain = 0; chain < copies; chain++) {
    const anchor = anchorOf(spec, chain);
    const mask = maskOf(spec, chain);
    for (let i = 0; i < size; i++) {
      const at = 2 * size * chain + 8 * Math.floor(i / 4) + (i % 4);
      values[at] = anchor[i];
      values[at + 4] = mask[i];
    }
  }
  if (directions) values.set(directions, 2 * size * copies);
  return { values, stride: own ? 2 * size : 0, directions: directions ? 2 * size * copies : 0 };
}

/** As lib/chain/layout.wgsl reads it. */
function packHyper(spec: ChainSpec): Float32Array {
  const { method } = spec.sampler;
  const rows = chainNumbers(spec).map((n) => {
    const high = Math.fround(n.baseline);
    const factor = method === 'rmsprop-sgld' ? n.decay : n.friction;
    return [
      ...[n.lr, n.nbeta, n.localization, n.weightDecay],
      ...[n.spread, n.box, factor, n.stability],
      ...[high, n.baseline - high, n.sampled, Math.sqrt(n.lr)],
    ];
  });
  return Float32Array.from(rows.flat());
}
