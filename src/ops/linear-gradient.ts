/**
 * Both gradients of a linear map in one launch, and that of its bias: dW = dYᵀ·X, dX = gate(dY·W + residual), db = Σ dY.
 * Kernel: shaders/linear-gradient.wgsl. Found by src/graph/linear-gradients.ts.
 */
import apartKernel from '../../shaders/linear-gradient-apart.wgsl';
import jointKernel from '../../shaders/linear-gradient-joint.wgsl';
import kernel from '../../shaders/linear-gradient.wgsl';
import { sizeOf } from '../graph/shape';
import type { Lowering, Operand } from '../graph/types';
import { launchTiles } from './linear-gradient-tiles';
import { stripsOf } from './matmul/choose';
import type { PartialSums } from './partial-sums';
import { upToFour } from './rows';
import { reshapeStrides } from './view';
import { fours } from './walk';

export interface LinearGradient {
  readonly copies: number;
  /** dY [rows, outputs], X [rows, inputs], W [outputs, inputs]. */
  readonly dy: Operand;
  readonly x: Operand;
  readonly w: Operand;
  /** [..., inputs] with `rows` rows, or one row for all; at most one of the two. */
  readonly residual: Operand | null;
  readonly gate: Operand | null;
  readonly dw: Operand;
  readonly dx: Operand;
  /** [outputs]. */
  readonly db: Operand | null;
  /** Where a GPU adds up in pieces; null on software adapters. */
  readonly partials: PartialSums | null;
  /** Told where db is instead, where it is not in its place. */
  readonly moveSums: (to: Operand) => void;
}

/** As in shaders/lib/linear-gradient/params.wgsl. */
const [SUMS, RESIDUAL, GATE] = [1, 2, 4];

/** Offset, stride of rows, of copies and of partial sums. */
export type Place = readonly [number, number, number, number];

/** Operands that fit the kernels, and where they lie. */
export interface Places {
  readonly dy: Place;
  readonly x: Place;
  readonly w: Place;
  readonly dw: Place;
  readonly dx: Place;
  /** The residual, the gate or, unread, dY. */
  readonly other: Place;
  readonly sums: Place;
}

/** Emits the launch, or says that these operands do not fit the kernel; nothing has been emitted then. */
export function launchLinearGradient(spec: LinearGradient, to: Lowering): boolean {
  const places = placesOf(spec);
  if (!places) return false;
  if (spec.partials) return launchTiles(spec, places, spec.partials, to);
  return launchQuads(spec, places, to);
}

function placesOf(spec: LinearGradient): Places | null {
  const { dy, x, w, residual, gate, dw, dx, db } = spec;
  const [rows, outputs] = dy.shape;
  const inputs = x.shape[1];
  const found = {
    dy: placeOf(dy, rows, outputs),
    x: placeOf(x, rows, inputs),
    w: placeOf(w, outputs, inputs),
    dw: placeOf(dw, outputs, inputs),
    dx: placeOf(dx, rows, inputs),
    other: placeOf(residual ?? gate ?? dy, rows, residual || gate ? inputs : outputs),
    sums: db ? placeOfSums(db, outputs, dw) : ([0, 0, 0, 0] as const),
  };
  if (inputs % 4 !== 0 || (residual && gate)) return null;
  return Object.values(found).includes(null) ? null : (found as Places);
}

function launchQuads(spec: LinearGradient, places: Places, to: Lowering): boolean {
  const { copies, dy, x, w, residual, gate, dw, dx, db } = spec;
  const [rows, outputs] = dy.shape;
  const inputs = x.shape[1];
  const joint = dx.block === dw.block;
  const apart = db && db.block !== dw.block;
  if (joint && apart) return false;
  const flops = 4 * rows * inputs * outputs * copies;
  const STRIPS = stripsOf(flops);
  const tiles = [inputs / 32, outputs / (16 * STRIPS), inputs / 32, rows / (16 * STRIPS)].map(
    Math.ceil,
  );
  const weightTiles = copies * tiles[0] * tiles[1];
  const parts = partsOf(spec);
  const total = weightTiles + copies * tiles[2] * tiles[3];
  const launch = {
    label: `linear gradient ${rows}×${outputs}×${inputs}${copies > 1 ? ` ×${copies}` : ''}`,
    bindings: {
      dy: dy.block,
      x: x.block,
      w: w.block,
      other: (residual ?? gate ?? dy).block,
      dw: dw.block,
    },
    params: {
      ...{ rows, inputs, outputs, weightTiles, tiles, total, parts },
      ...{ splits: 1, chunk: rows, ...places },
    },
    overrides: { STRIPS },
    groups: total,
    flops,
  };
  const { bindings } = launch;
  if (joint) to.launch(jointKernel, launch);
  else if (!apart) to.launch(kernel, { ...launch, bindings: { ...bindings, dx: dx.block } });
  else {
    const own = { ...bindings, dx: dx.block, db: db.block };
    to.launch(apartKernel, { ...launch, bindings: own });
  }
  return true;
}

/** What is asked for beside the products, as the kernels want it. */
export function partsOf({ db, residual, gate }: LinearGradient): number {
  return (db ? SUMS : 0) + (residual ? RESIDUAL : 0) + (gate ? GATE : 0);
}

/** As `rows` rows of vec4s, a single one standing for all; null where they are none. */
function placeOf(operand: Operand, rows: number, columns: number): Place | null {
  const { shape, offset, replicaStride, padded } = operand;
  const single = sizeOf(shape) === columns && rows > 1;
  if (!single && sizeOf(shape) !== rows * columns) return null;
  const strides = reshapeStrides(shape, operand.strides, [single ? 1 : rows, columns]);
  if (!strides || (columns > 1 && strides[1] !== 1)) return null;
  const row = single ? 0 : strides[0];
  const length = padded ? upToFour(columns) : columns;
  return fours([offset, row, replicaStride, length]) ? [offset, row, replicaStride, 0] : null;
}

/** Tensors of the flat buffer of gradients have room up to the next multiple of 4. */
function placeOfSums(db: Operand, outputs: number, dw: Operand): Place | null {
  const padded = db.block === dw.block;
  return placeOf({ ...db, padded }, 1, outputs);
}
