/**
 * The launch of a linear gradient on GPUs: tiles of 64 × 64 in workgroup memory. Rows are many and weights few, so dW and db are
 * added up in chunks of rows, as many as fill a device. Kernels: shaders/linear-gradient/.
 */
import tiledKernel from '../../shaders/linear-gradient/tiled.wgsl';
import jointKernel from '../../shaders/linear-gradient/tiled-joint.wgsl';
import type { Lowering } from '../graph/types';
import { partsOf, type LinearGradient, type Place, type Places } from './linear-gradient';
import type { PartialSums } from './partial-sums';
import { upToFour } from './rows';

interface Extents {
  readonly copies: number;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

const TILE = 64;
/** Workgroups of dW that keep a device busy. */
const ENOUGH = 256;
/** Rows of a chunk worth a workgroup of its own: about as many steps as those of dX take. */
const SHORTEST_CHUNK = 256;

/** Chunks of rows of dW and db. */
export function chooseSplits({ copies, rows, inputs, outputs }: Extents): {
  readonly splits: number;
  readonly chunk: number;
} {
  const tiles = copies * Math.ceil(inputs / TILE) * Math.ceil(outputs / TILE);
  const useful = Math.min(Math.floor(rows / SHORTEST_CHUNK), Math.floor((2 * ENOUGH) / tiles));
  const pieces = tiles < ENOUGH ? Math.max(1, useful) : 1;
  const chunk = 16 * Math.ceil(rows / pieces / 16);
  return { splits: Math.ceil(rows / chunk), chunk };
}

/** Elements of partial sums that `launchTiles` takes at most. */
export function partialElements(extents: Extents): number {
  const { copies, inputs, outputs } = extents;
  const { splits } = chooseSplits(extents);
  const sums = upToFour(outputs);
  return copies * (splits * (outputs * inputs + sums) + sums);
}

export function launchTiles(
  spec: LinearGradient,
  places: Places,
  partials: PartialSums,
  to: Lowering,
): boolean {
  const { copies, dy, x, w, residual, gate, dw, dx, db, moveSums } = spec;
  const [rows, outputs] = dy.shape;
  const inputs = x.shape[1];
  const joint = dx.block === dw.block;
  const apart = db !== null && db.block !== dw.block;
  const { splits, chunk } = chooseSplits({ copies, rows, inputs, outputs });
  const inParts = splits > 1 || apart;
  if (joint && inParts) return false;
  const tiles = [inputs, outputs, inputs, rows].map((extent) => Math.ceil(extent / TILE));
  const weightTiles = copies * splits * tiles[0] * tiles[1];
  const total = weightTiles + copies * tiles[2] * tiles[3];
  const ends = inParts ? takeParts(spec, places, splits, partials, moveSums) : places;
  const bindings = {
    dy: dy.block,
    x: x.block,
    w: w.block,
    other: (residual ?? gate ?? dy).block,
    dw: inParts ? partials.block : dw.block,
  };
  const launch = {
    label: `linear gradient ${rows}×${outputs}×${inputs}${copies > 1 ? ` ×${copies}` : ''}`,
    params: {
      ...{ rows, inputs, outputs, weightTiles, tiles, total, splits, chunk },
      ...{ parts: partsOf(spec), ...places, dw: ends.dw, sums: ends.sums },
    },
    groups: total,
    flops: 4 * rows * inputs * outputs * copies,
  };
  if (joint) to.launch(jointKernel, { ...launch, bindings });
  else to.launch(tiledKernel, { ...launch, bindings: { ...bindings, dx: dx.block } });
  return true;
}

/** Room for the partial sums of dW and db, which will be added up to where those belong, or db next to its parts. */
function takeParts(
  { copies, dy, x, dw, db }: LinearGradient,
  places: Places,
  splits: number,
  partials: PartialSums,
  moveSums: LinearGradient['moveSums'],
): { readonly dw: Place; readonly sums: Place } {
  const outputs = dy.shape[1];
  const inputs = x.shape[1];
  const take = (rows: number, columns: number): Place => {
    const plane = rows * columns;
    return [partials.take(copies * splits * plane), columns, splits * plane, plane];
  };
  const add = (
    [source, columns, copyStride]: Place,
    rows: number,
    target: { block: typeof dw.block; place: Place },
  ): void => {
    const [offset, rowStride, apart] = target.place;
    partials.add({
      ...{ source, splits, rows, columns, copies, copyStride },
      target: { block: target.block, offset, rowStride, copyStride: apart },
    });
  };
  const weights = take(outputs, inputs);
  add(weights, outputs, { block: dw.block, place: places.dw });
  if (!db) return { dw: weights, sums: [0, 0, 0, 0] };
  const width = upToFour(outputs);
  const sums = take(1, width);
  if (db.block === dw.block) add(sums, 1, { block: dw.block, place: places.sums });
  else {
    const { block } = partials;
    const offset = partials.take(copies * width);
    add(sums, 1, { block, place: [offset, width, width, 0] });
    moveSums({ ...db, block, offset, replicaStride: width });
  }
  return { dw: weights, sums };
}
