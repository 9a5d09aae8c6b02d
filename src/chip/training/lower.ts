/** A training as blocks, values and the two launches of a dispatch of steps, with the evaluations of its program. Pure. */
import tick from '../../../shaders/chip/tick.wgsl';
import { checkSpec } from '../../graph/check-spec';
import { hyperTable, lowerProgram, type NamedAfter } from '../../graph/lower-program';
import { initialParameters } from '../../graph/layout';
import type { ProgramSpec, Values } from '../../graph/program';
import { beginPhase, createBlock } from '../../plan/phase';
import type { Block, Phase, Traits } from '../../plan/types';
import { factsOf } from '../facts';
import { memoryOverrides } from '../fit';
import type { Fitted } from './fit';
import { trainingShaders } from './shaders';
import type { OnChip } from './types';

export interface LoweredTraining {
  readonly phases: readonly Phase[];
  readonly afters: Readonly<Record<string, NamedAfter>>;
  readonly values: ReadonlyMap<Block, Values>;
  readonly blocks: {
    readonly clock: Block;
    readonly parameters: Block;
    /** [R, planes, P] */
    readonly state: Block;
    /** [rows, metrics, R] */
    readonly ring: Block;
  };
  /** The clock that evaluations read; null where there are none. */
  readonly evaluationClock: Block | null;
  /** Rows of the ring. */
  readonly capacity: number;
  /** Of a step of all replicas, roughly. */
  readonly flops: number;
}

export const PHASE = 'training on the chip';
/** Words of the clock before the keys. */
const CLOCK_WORDS = 4;
const RING_BYTES = 4 * 2 ** 20;
const MOST_ROWS = 4096;
/** Of an update of an element. */
const ELEMENT_FLOPS = 20;
/** A column that no row has. */
const NOWHERE = 0xffffffff;

/** Throws BadConfig, ShapeMismatch or LimitExceeded. */
export function lowerTraining(
  traits: Traits,
  spec: ProgramSpec,
  { accuracy }: OnChip,
  { chosen, demand, training, update }: Fitted,
  rowEvery: number,
): LoweredTraining {
  checkSpec(spec);
  const { keys, data, start, evaluations = {} } = spec;
  const { layout } = demand;
  const replicas = keys.length;
  const evaluated =
    Object.keys(evaluations).length > 0
      ? lowerProgram(traits, { keys, data, evaluations, ...(start && { start }) })
      : null;
  const names = Object.keys(training.metrics);
  const columns = Math.max(1, names.length);
  const capacity = Math.max(
    1,
    Math.min(MOST_ROWS, Math.floor(RING_BYTES / (4 * columns * replicas))),
  );
  const { words, flops } = factsOf(demand, chosen.batch);
  const list = words();
  const [factors] = Object.values(training.update.tables);
  const { mask } = training;
  const persistent = (label: string, elements: number, element: 'f32' | 'u32' = 'f32'): Block =>
    createBlock(label, elements, 'persistent', element);
  const hyper = hyperTable(training, replicas);
  const size = layout.stride;
  const kept = (demand.planes - 2) * size * replicas;
  const blocks = {
    clock: persistent('clock', CLOCK_WORDS + 2 * replicas, 'u32'),
    hyper: persistent('hyperparameters', hyper.length),
    mask: persistent('mask', mask?.length ?? 4),
    facts: persistent('target', list.length, 'u32'),
    parameters: evaluated?.memory.parameters ?? persistent('parameters', replicas * size),
    state: persistent('optimizer state', Math.max(4, kept)),
    ring: persistent('rows', capacity * columns * replicas, 'u32'),
    factors: persistent('table factors', factors.length),
  };
  const lossAt = names.findIndex((name) => name !== accuracy);
  const accuracyAt = names.findIndex((name) => name === accuracy);
  const to = beginPhase(PHASE, traits, replicas);
  to.launch(trainingShaders[chosen.variant][demand.target.kind as OnChip['target']['kind']], {
    bindings: blocks,
    params: {
      replicas,
      row_every: rowEvery,
      capacity,
      columns,
      loss_column: lossAt < 0 ? NOWHERE : lossAt,
      accuracy_column: accuracyAt < 0 ? NOWHERE : accuracyAt,
      mask_stride: mask && mask.length > size ? size / 4 : 0,
      schedule_length: update.scheduleLength,
      correction_length: update.correctionLength,
    },
    overrides: {
      RULE: update.rule,
      MASKED: mask ? 1 : 0,
      CLIPPED: update.clipped ? 1 : 0,
      ...memoryOverrides(demand, chosen, demand.planes),
    },
    groups: [Math.ceil(replicas / chosen.chains), 1, 1],
    flops: replicas * (flops + ELEMENT_FLOPS * size),
  });
  to.launch(tick, { bindings: { clock: blocks.clock }, params: {}, groups: [1, 1, 1] });
  return {
    phases: [to.finish(), ...(evaluated?.phases ?? [])],
    afters: evaluated?.afters ?? {},
    blocks,
    evaluationClock: evaluated?.memory.clock ?? null,
    capacity,
    flops: replicas * (flops + ELEMENT_FLOPS * size),
    values: new Map<Block, Values>([
      ...(evaluated?.values ?? []),
      [blocks.clock, Uint32Array.from([0, 0, 1, 0, ...keys.flat()])],
      [blocks.hyper, hyper],
      [blocks.mask, mask ?? new Float32Array(4)],
      [blocks.facts, list],
      [blocks.parameters, start ?? initialParameters(layout, keys)],
      [blocks.state, new Float32Array(blocks.state.elements)],
      [blocks.factors, factors],
    ]),
  };
}
