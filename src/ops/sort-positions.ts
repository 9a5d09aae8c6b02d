/** Sorting positions by index on the device, without atomics: what makes scatter-add deterministic. */
import countShader from '../../shaders/scatter-count.wgsl';
import fillShader from '../../shaders/scatter-fill.wgsl';
import listShader from '../../shaders/scatter-list.wgsl';
import offsetsShader from '../../shaders/scatter-offsets.wgsl';
import type { Lowering, Node } from '../graph/types';
import type { Block } from '../plan/types';
import { asRows, type Rows } from './rows-of';
import { fours } from './walk';

const WORKGROUP = 64;
const SORT_WORKGROUP = 16;
/** Indices times rows up to which one launch that scans beats three that count. */
const SCAN_UP_TO = 8192;
const MOST_CHUNKS = 512;

export interface SortedPositions {
  /** [V + 1], where the positions of each row begin in the list. */
  readonly starts: Block;
  /** [N], positions ascending within each row. */
  readonly list: Block;
  /** Of `starts` between replicas; 0 when they share their indices. */
  readonly startsStride: number;
}

/**
 * The positions 0 … N − 1 sorted by u32 indices below `rows`, once per replica of the indices: on the host where the indices
 * are data, which stay as they are for the life of a program, and otherwise emitted.
 */
export function sortPositions(node: Node, rows: number, to: Lowering): SortedPositions {
  const indices = asRows(node, node.shape.length, to);
  const copies = to.copies(node);
  const known = to.known(indices.block);
  if (known) return sortOnce(known, indices, rows, copies, to);
  const starts = to.transient('scatter starts', copies * (rows + 1), 'u32');
  const list = to.transient('scatter list', copies * indices.rows, 'u32');
  const sort = indices.rows * rows <= SCAN_UP_TO ? scan : count;
  sort(to, indices, rows, copies, starts, list);
  return { starts, list, startsStride: copies > 1 ? rows + 1 : 0 };
}

/** The counting sort of shaders/scatter-*.wgsl; indices of `rows` or more are in no list. */
function sortOnce(
  values: Uint32Array,
  { block, offset, replicaStride, rowStride, rows: count }: Rows,
  rows: number,
  copies: number,
  to: Lowering,
): SortedPositions {
  const starts = new Uint32Array(copies * (rows + 1));
  const list = new Uint32Array(copies * count);
  for (let r = 0; r < copies; r++) {
    const indexOf = (n: number): number => values[offset + r * replicaStride + n * rowStride];
    const own = starts.subarray(r * (rows + 1), (r + 1) * (rows + 1));
    for (let n = 0; n < count; n++) if (indexOf(n) < rows) own[indexOf(n) + 1]++;
    own[0] = r * count;
    for (let v = 0; v < rows; v++) own[v + 1] += own[v];
    const next = own.slice();
    for (let n = 0; n < count; n++) if (indexOf(n) < rows) list[next[indexOf(n)]++] = n;
  }
  const key = `${block.id}+${offset}, ${count} by ${rowStride}, ${rows} rows, ${copies} copies`;
  return {
    starts: to.constant(`starts of ${key}`, starts),
    list: to.constant(`list of ${key}`, list),
    startsStride: copies > 1 ? rows + 1 : 0,
  };
}

function scan(
  to: Lowering,
  indices: Rows,
  rows: number,
  copies: number,
  starts: Block,
  list: Block,
): void {
  const { offset, replicaStride, rowStride } = indices;
  const contiguous = fours([offset, replicaStride, indices.rows]) && rowStride === 1;
  const units = copies * rows;
  to.launch(listShader, {
    label: 'scatterAdd sort',
    bindings: { indices: indices.block, starts, list },
    params: {
      count: indices.rows,
      rows,
      units,
      stride: rowStride,
      origin: [offset, replicaStride],
    },
    overrides: { CONTIGUOUS: Number(contiguous), WORKGROUP },
    groups: Math.ceil(units / WORKGROUP),
  });
}

function count(
  to: Lowering,
  indices: Rows,
  rows: number,
  copies: number,
  starts: Block,
  list: Block,
): void {
  // A chunk clears a counter per row, so it should hold about as many positions.
  const wanted = Math.min(MOST_CHUNKS, Math.ceil(indices.rows / Math.max(64, rows / 2)));
  const length = Math.ceil(indices.rows / wanted);
  const chunks = Math.ceil(indices.rows / length);
  const counts = to.transient('scatter counts', copies * chunks * rows, 'u32');
  const units = copies * chunks;
  const params = {
    count: indices.rows,
    rows,
    chunks,
    length,
    units,
    stride: indices.rowStride,
    origin: [indices.offset, indices.replicaStride],
  } as const;
  const overrides = { WORKGROUP: SORT_WORKGROUP };
  const groups = Math.ceil(units / SORT_WORKGROUP);
  to.launch(countShader, {
    label: 'scatterAdd count',
    bindings: { indices: indices.block, counts },
    params,
    overrides,
    groups,
  });
  to.launch(offsetsShader, {
    label: 'scatterAdd offsets',
    bindings: { counts, starts },
    params: { count: indices.rows, rows, chunks },
    overrides: { WORKGROUP },
    groups: [copies, 1, 1],
  });
  to.launch(fillShader, {
    label: 'scatterAdd fill',
    bindings: { indices: indices.block, starts, counts, list },
    params,
    overrides,
    groups,
  });
}
