/**
 * Partial sums of several linear gradients in one block, and the launch that adds them up: as late as somebody reads one, so that a
 * step has one such launch. Kernel: shaders/linear-gradient/total.wgsl.
 */
import kernel from '../../shaders/linear-gradient/total.wgsl';
import type { Lowering } from '../graph/types';
import type { Block } from '../plan/types';
import { foldGrid } from '../plan/phase';

/** In elements, all multiples of 4: `splits` dense planes of [rows, columns] per copy, and where their sum goes. */
export interface PartialSum {
  readonly source: number;
  readonly splits: number;
  readonly rows: number;
  readonly columns: number;
  readonly copies: number;
  readonly copyStride: number;
  /** `block` is that of the partial sums or another. */
  readonly target: {
    readonly block: Block;
    readonly offset: number;
    readonly rowStride: number;
    readonly copyStride: number;
  };
}

export interface PartialSums {
  readonly block: Block;
  /** Room for so many elements; its offset. */
  take(elements: number): number;
  add(sum: PartialSum): void;
  /** How many are still to be added up. */
  readonly waiting: number;
  /** Adds up what was added since the last time. */
  flush(): void;
}

const WORKGROUP = 64;

/** `capacity` elements are all that will be taken. */
export function collectPartialSums(capacity: number, to: Lowering): PartialSums {
  const block = to.transient('partial gradients', capacity);
  let taken = 0;
  let waiting: PartialSum[] = [];
  return {
    block,
    take(elements) {
      const offset = taken;
      taken += elements;
      return offset;
    },
    add: (sum) => void waiting.push(sum),
    get waiting() {
      return waiting.length;
    },
    flush() {
      const sums = waiting;
      waiting = [];
      const targets = new Set(sums.map(({ target }) => target.block));
      targets.delete(block);
      // What stays among the partial sums goes with the first.
      [...targets].forEach((target, k) => {
        const own = sums.filter((one) => one.target.block === target);
        const staying = k === 0 ? sums.filter((one) => one.target.block === block) : [];
        launchTotal([...own, ...staying], block, target, to);
      });
    },
  };
}

function launchTotal(
  sums: readonly PartialSum[],
  partial: Block,
  gradients: Block,
  to: Lowering,
): void {
  const parts = Uint32Array.from(sums.flatMap((sum) => wordsOf(sum, partial)));
  const largest = Math.max(...sums.map(({ rows, columns, copies }) => rows * columns * copies));
  const [x, y] = foldGrid(Math.ceil(largest / 4 / WORKGROUP), to.traits.maxWorkgroupsPerDimension);
  to.launch(kernel, {
    label: `sums of ${sums.length} gradients`,
    params: {},
    bindings: { parts: to.constant(`sums ${parts.join()}`, parts), partial, gradients },
    overrides: { WORKGROUP },
    groups: [x, y, sums.length],
    flops: sums.reduce(
      (all, { rows, columns, copies, splits }) => all + rows * columns * copies * splits,
      0,
    ),
  });
}

/** As the kernel's header has them. */
function wordsOf(sum: PartialSum, partial: Block): number[] {
  const { source, splits, rows, columns, copies, copyStride, target } = sum;
  const [from, plane, width, apart] = [source, rows * columns, columns, copyStride].map(inFours);
  const [at, row, copy] = [target.offset, target.rowStride, target.copyStride].map(inFours);
  const stays = Number(target.block === partial);
  return [from, plane, splits, width, rows, copies, apart, stays, at, row, copy, 0];
}

function inFours(elements: number): number {
  if (elements % 4 !== 0) throw new Error(`${elements} elements are no whole vec4s`);
  return elements / 4;
}
