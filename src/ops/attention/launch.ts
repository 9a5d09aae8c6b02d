/** Params and grids of the attention kernels, from operands however they lie. */
import type { Lowering, Node, Operand } from '../../graph/types';
import { shiftOf, type AttentionAttributes, type AttentionSizes } from './sizes';

type Four = readonly [number, number, number, number];

/** A [batch, time, heads, depth] tensor as the kernels take it: strides of (batch, time, head, replica), 1 along the depth. */
export interface HeadLayout {
  readonly operand: Operand;
  readonly strides: Four;
}

/** The operand as it lies when its depth is contiguous, a dense copy otherwise. */
export function headLayout(node: Node, to: Lowering): HeadLayout {
  const lying = to.operand(node);
  const contiguous = node.shape[3] === 1 || lying.strides[3] === 1;
  const operand = contiguous ? lying : to.dense(node);
  const [batch, time, head] = operand.strides.map((stride, axis) =>
    node.shape[axis] === 1 ? 0 : stride,
  );
  return { operand, strides: [batch, time, head, operand.replicaStride] };
}

/** Whether rows may be read and written as vec4s. */
export function vectorizes(
  depth: number,
  inputs: readonly HeadLayout[],
  outputs: readonly Operand[],
): boolean {
  const whole = (n: number): boolean => n % 4 === 0;
  return (
    whole(depth) &&
    inputs.every(({ operand, strides }) => whole(operand.offset) && strides.every(whole)) &&
    outputs.every(({ offset, replicaStride }) => whole(offset) && whole(replicaStride))
  );
}

const ABSENT: HeadLayout = {
  operand: {
    block: { id: -1, label: 'absent', elements: 0, element: 'f32', kind: 'transient' },
    offset: 0,
    shape: [],
    strides: [],
    replicaStride: 0,
  },
  strides: [0, 0, 0, 0],
};

export interface HeadInputs {
  readonly query: HeadLayout;
  readonly key: HeadLayout;
  readonly value?: HeadLayout;
  readonly gradient?: HeadLayout;
  readonly attended?: HeadLayout;
  readonly statistics?: Operand;
}

/** `total` is the number of invocations, or of workgroups where a workgroup shares its work. */
export function attentionParams(
  sizes: AttentionSizes,
  attributes: AttentionAttributes,
  inputs: HeadInputs,
  output: Operand,
  total: number,
) {
  const { query, key, value = ABSENT, gradient = ABSENT, attended = ABSENT } = inputs;
  const statistics = inputs.statistics ?? ABSENT.operand;
  return {
    ...sizes,
    total,
    shift: shiftOf(sizes, attributes.causal),
    scale: attributes.scale,
    queryStrides: query.strides,
    keyStrides: key.strides,
    valueStrides: value.strides,
    gradientStrides: gradient.strides,
    attendedStrides: attended.strides,
    offsets: [query, key, value, gradient].map(({ operand }) => operand.offset),
    attendedOffset: attended.operand.offset,
    statisticsLayout: [statistics.offset, statistics.replicaStride],
    outputLayout: [output.offset, output.replicaStride],
  };
}

const WORKGROUP = 64;

/** Workgroups with an invocation for each of `total` items. */
export function invocations(total: number): number {
  return Math.ceil(total / WORKGROUP);
}

/** The largest depth whose tiles fit in 16 KiB of workgroup memory: shaders/lib/attention/tiles.wgsl. */
const MOST_TILED_DEPTH = 92;
/** Rows that stay with a workgroup of the tiled kernels. */
export const RESIDENT = 32;
/** Fewer rows would leave most of a tile idle. */
const FEWEST_TILED_ROWS = 16;

/** Whether the kernels with workgroup memory pay, with `rows` rows that stay. */
export function tiles(rows: number, depth: number, vector: boolean, to: Lowering): boolean {
  const { barriers, maxInvocations, maxWorkgroupBytes } = to.traits;
  const fits = depth <= MOST_TILED_DEPTH && maxInvocations >= 64 && maxWorkgroupBytes >= 16_384;
  return barriers && vector && fits && rows >= FEWEST_TILED_ROWS;
}
