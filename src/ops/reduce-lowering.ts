/** Which reduce kernel runs, and how a long reduction is cut into chunks whose results are reduced again. */
import columnsShader from '../../shaders/reduce-columns.wgsl';
import firstShader from '../../shaders/reduce-first.wgsl';
import generalShader from '../../shaders/reduce.wgsl';
import rowsShader from '../../shaders/reduce-rows.wgsl';
import treeShader from '../../shaders/reduce-tree.wgsl';
import { LimitExceeded } from '../gpu/errors';
import { denseStrides, sizeOf } from '../graph/shape';
import type { Lowering, Node, Operand } from '../graph/types';
import type { PhaseBuilder } from '../plan/types';
import type { ReduceAttributes } from './reduce';
import { collapse, fours, planWalks, rightAligned } from './walk';
import type { Walk } from './walk';
import { walkParams } from './walk-launch';

const WORKGROUP = 64;
const TREE_WORKGROUP = 128;
const MAX_REDUCED_RANK = 4;
/** Longest chunk, for the sake of the rounding error. */
const LONGEST = 4096;
/** As much is added up in less time than a second launch takes: elements in all on a software adapter, a row's on a GPU. */
const FEW = 16_384;
const FEW_OF_TREE = 8192;

/** Of the operands of a walk. */
const NAMES = ['result', 'x'] as const;

interface Kind {
  readonly maximum?: boolean;
  /** Root of the sum of squares. */
  readonly squares?: boolean;
  readonly factor?: number;
}

interface Reduced {
  readonly extents: readonly number[];
  readonly strides: readonly number[];
}

interface Task {
  readonly label: string;
  readonly copies: number;
  /** x and the result with the kept axes only. */
  readonly x: Operand;
  readonly result: Operand;
  /** The other axes of x, merged. */
  readonly reduced: Reduced;
  readonly maximum: boolean;
  readonly square: boolean;
  readonly root: boolean;
  readonly factor: number;
}

function onlyAxes(operand: Operand, axes: readonly number[]): Operand {
  return {
    ...operand,
    shape: axes.map((axis) => operand.shape[axis]),
    strides: axes.map((axis) => operand.strides[axis]),
  };
}

function split(rank: number, axes: readonly number[]): number[] {
  return [...Array(rank).keys()].filter((axis) => !axes.includes(axis));
}

function mergeReduced(name: string, operands: readonly Operand[], axes: readonly number[]) {
  const merged = collapse({
    extents: axes.map((axis) => operands[0].shape[axis]),
    strides: operands.map((operand) => axes.map((axis) => operand.strides[axis])),
  });
  if (merged.extents.length > MAX_REDUCED_RANK) {
    throw new LimitExceeded({
      asked: `${name} over ${merged.extents.length} axes that no stride joins`,
      limit: `at most ${MAX_REDUCED_RANK}`,
      remedy: 'Reduce in two steps',
    });
  }
  return merged;
}

export function lowerReduction(node: Node<ReduceAttributes>, kind: Kind, to: Lowering): void {
  const { axes, keep } = node.attributes;
  const x = to.operand(node.inputs[0]);
  const result = to.result(node as Node);
  const kept = split(x.shape.length, axes);
  const { extents, strides } = mergeReduced(node.op.name, [x], axes);
  emit(to, {
    label: node.op.name,
    copies: to.copies(node as Node),
    x: onlyAxes(x, kept),
    result: keep ? onlyAxes(result, kept) : result,
    reduced: { extents, strides: strides[0] },
    maximum: kind.maximum ?? false,
    square: kind.squares ?? false,
    root: kind.squares ?? false,
    factor: kind.factor ?? 1,
  });
}

type Variant = 'tree' | 'rows' | 'columns' | 'general';

function emit(to: PhaseBuilder, task: Task): void {
  const variant = choose(to, task);
  const { total, reduced, walks } = measure(task, variant);
  const outputs = walks.reduce((most, walk) => Math.max(most, walk.units), 0);
  const length = Math.ceil(total / countChunks(to, variant, outputs, total));
  const chunks = Math.ceil(total / length);
  if (chunks === 1)
    return launch(to, task, variant, reduced, walks, { chunks, length, total, stride: 0 });

  const { shape } = task.result;
  const size = task.copies * sizeOf(shape);
  const partial: Operand = {
    block: to.transient(`${task.label} partial`, chunks * size),
    offset: 0,
    shape,
    strides: denseStrides(shape),
    replicaStride: sizeOf(shape),
  };
  const first = { ...task, result: partial, root: false, factor: 1 };
  const cut = { chunks, length, total, stride: size };
  launch(to, first, variant, reduced, measure(first, variant).walks, cut);
  emit(to, {
    ...task,
    label: `${task.label} of chunks`,
    x: partial,
    reduced: { extents: [chunks], strides: [size] },
    square: false,
  });
}

function choose(to: PhaseBuilder, task: Task): Variant {
  const { x, reduced, result, copies } = task;
  const last = reduced.strides.length - 1;
  const contiguous = reduced.strides[last] === 1;
  if (to.traits.barriers && contiguous && sizeOf(reduced.extents) >= TREE_WORKGROUP) return 'tree';
  const outer = [...reduced.strides.slice(0, -1), ...x.strides, x.offset, x.replicaStride];
  if (contiguous && reduced.extents[last] % 4 === 0 && fours(outer)) return 'rows';
  if (!fours(reduced.strides)) return 'general';
  const walks = planWalks(x.shape, copies, [result, x]);
  return walks.every((walk) => walk.vector && !walk.operands[1].splat) ? 'columns' : 'general';
}

interface Measured {
  /** Length of a reduction in the units of the variant. */
  readonly total: number;
  readonly reduced: Reduced;
  readonly walks: readonly Walk[];
}

function measure({ x, reduced, result, copies }: Task, variant: Variant): Measured {
  const { extents, strides } = reduced;
  const total = sizeOf(extents);
  if (variant === 'columns') {
    const quarters = strides.map((stride) => stride / 4);
    const walks = planWalks(x.shape, copies, [result, x]);
    return { total, reduced: { extents, strides: quarters }, walks };
  }
  if (variant !== 'rows') {
    return { total, reduced, walks: planWalks(x.shape, copies, [result, x], { vector: false }) };
  }
  const last = strides.length - 1;
  const quarter = {
    ...x,
    offset: x.offset / 4,
    strides: x.strides.map((stride) => stride / 4),
    replicaStride: x.replicaStride / 4,
  };
  return {
    total: total / 4,
    reduced: {
      extents: extents.map((extent, axis) => (axis === last ? extent / 4 : extent)),
      strides: strides.map((stride, axis) => (axis === last ? 1 : stride / 4)),
    },
    walks: planWalks(x.shape, copies, [result, quarter], { vector: false }),
  };
}

/** Enough invocations to keep the adapter busy, each with enough to do. */
function countChunks(to: PhaseBuilder, variant: Variant, outputs: number, total: number): number {
  const { barriers } = to.traits;
  const busy = variant === 'tree' ? 512 : barriers ? 16384 : 512;
  const shortest = variant === 'tree' ? 8 * TREE_WORKGROUP : barriers ? 16 : 64;
  const few = variant === 'tree' ? total <= FEW_OF_TREE : !barriers && outputs * total <= FEW;
  const wanted = few ? 1 : Math.min(Math.ceil(busy / outputs), Math.floor(total / shortest));
  const longest = variant === 'tree' ? LONGEST * TREE_WORKGROUP : LONGEST;
  return Math.max(wanted, Math.ceil(total / longest), 1);
}

interface Cut {
  readonly chunks: number;
  readonly length: number;
  readonly total: number;
  /** In elements of the result, between chunks. */
  readonly stride: number;
}

function launch(
  to: PhaseBuilder,
  task: Task,
  variant: Variant,
  reduced: Reduced,
  walks: readonly Walk[],
  { chunks, length, total, stride }: Cut,
): void {
  const workgroup = variant === 'tree' ? TREE_WORKGROUP : WORKGROUP;
  for (const walk of walks) {
    const groups = walk.units * chunks * (variant === 'tree' ? TREE_WORKGROUP : 1);
    const spec = {
      label: task.label,
      bindings: { x: task.x.block, result: task.result.block },
      params: {
        ...walkParams(walk, NAMES),
        reduced_extents: rightAligned(reduced.extents, 1),
        reduced_strides: rightAligned(reduced.strides, 0),
        outputs: walk.units,
        chunks,
        chunk_stride: variant === 'columns' ? stride / 4 : stride,
        length,
        total,
        factor: Math.fround(task.factor),
      },
      overrides: {
        RANK: walk.rank,
        REDUCED_RANK: reduced.extents.length,
        MAXIMUM: Number(task.maximum),
        SQUARE: Number(task.square),
        ROOT: Number(task.root),
        WORKGROUP: workgroup,
      },
      groups: Math.ceil(groups / workgroup),
    };
    if (variant === 'tree') to.launch(treeShader, spec);
    else if (variant === 'rows') to.launch(rowsShader, spec);
    else if (variant === 'columns') to.launch(columnsShader, spec);
    else to.launch(generalShader, spec);
  }
}

export function lowerFirstMaximum(node: Node<ReduceAttributes>, to: Lowering): void {
  const { axes } = node.attributes;
  const x = to.operand(node.inputs[0]);
  const result = to.result(node as Node);
  const kept = split(x.shape.length, axes);
  const { extents, strides } = mergeReduced(node.op.name, [x, result], axes);
  const operands = [onlyAxes(result, kept), onlyAxes(x, kept)];
  const shape = operands[0].shape;
  for (const walk of planWalks(shape, to.copies(node as Node), operands, { vector: false })) {
    to.launch(firstShader, {
      label: node.op.name,
      bindings: { x: x.block, result: result.block },
      params: {
        ...walkParams(walk, NAMES),
        reduced_extents: rightAligned(extents, 1),
        x_reduced: rightAligned(strides[0], 0),
        result_reduced: rightAligned(strides[1], 0),
        outputs: walk.units,
        total: sizeOf(extents),
      },
      overrides: { RANK: walk.rank, REDUCED_RANK: extents.length, WORKGROUP },
      groups: Math.ceil(walk.units / WORKGROUP),
    });
  }
}
