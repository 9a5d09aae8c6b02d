/**
 * Weight-restricted sampling: which elements of the flat buffer move. Selectors name parameters:
 *
 *     embed.weight                  one tensor
 *     blocks.0.mlp                  all tensors whose names begin with it
 *     mlp.in.weight[0:64]           elements 0 to 63 of a tensor, row-major; [5] is one element, [3:] the rest
 *     blocks.0.attn.head.1          a head: its rows of query, key and value, its columns of out
 */
import { BadConfig } from '../../gpu/errors';
import type { ParameterLayout, ParameterPlace } from '../../graph/layout';

const PATH = 'sampler.mask';

/** [P] of 0 and 1: 1 where sampled; padding 0. `heads` is needed for selectors of heads. Throws BadConfig. */
export function selectElements(
  layout: ParameterLayout,
  selectors: readonly string[] | null,
  heads: number | null = null,
): Float32Array {
  const mask = new Float32Array(layout.stride);
  if (selectors === null) {
    for (const place of layout.places) mark(mask, place, 0, place.size);
    return mask;
  }
  for (const selector of selectors) {
    const head = /^(.*\.attn)\.head\.(\d+)$/.exec(selector);
    if (head) markHead(mask, layout, selector, head[1], Number(head[2]), heads);
    else markNamed(mask, layout, selector);
  }
  return mask;
}

/** Elements of `frozen`, by parameter name, are taken out of the mask. */
export function freezeElements(
  mask: Float32Array,
  layout: ParameterLayout,
  frozen: Readonly<Record<string, readonly number[]>> = {},
): void {
  for (const [name, indices] of Object.entries(frozen)) {
    const place = layout.places.find((one) => one.name === name);
    if (place) for (const index of indices) mask[place.offset + index] = 0;
  }
}

function markNamed(mask: Float32Array, layout: ParameterLayout, selector: string): void {
  const [, name, range] = /^([^[\]]*)(?:\[([^[\]]*)\])?$/.exec(selector) ?? [];
  const found = layout.places.filter(
    (place) => place.name === name || (name !== undefined && place.name.startsWith(`${name}.`)),
  );
  if (found.length === 0) refuse(layout, selector);
  for (const place of found) {
    if (range === undefined) mark(mask, place, 0, place.size);
    else mark(mask, place, ...readRange(range, place, selector));
  }
}

/** Rows head·w … (head + 1)·w of query, key and value, those columns of out; biases of the first three likewise. */
function markHead(
  mask: Float32Array,
  layout: ParameterLayout,
  selector: string,
  prefix: string,
  head: number,
  heads: number | null,
): void {
  const own = layout.places.filter(({ name }) => name.startsWith(`${prefix}.`));
  if (own.length === 0 || heads === null) refuse(layout, selector);
  if (head >= heads) {
    throw new BadConfig(PATH, {
      asked: `${selector}: no head ${head}`,
      limit: `the network has heads 0 to ${heads - 1}`,
      remedy: 'Choose one of them',
    });
  }
  for (const place of own) {
    const isOut = place.name.startsWith(`${prefix}.out`);
    if (isOut && place.shape.length === 1) continue; // the bias of out belongs to no head
    const [rows, columns = 1] = place.shape;
    const width = (isOut ? columns : rows) / heads;
    for (let row = 0; row < rows; row++) {
      const from = isOut ? row * columns + head * width : row * columns;
      const inside = isOut || Math.floor(row / width) === head;
      if (inside) mark(mask, place, from, from + (isOut ? width : columns));
    }
  }
}

function mark(mask: Float32Array, { offset }: ParameterPlace, from: number, to: number): void {
  mask.fill(1, offset + from, offset + to);
}

function readRange(
  range: string,
  { name, size }: ParameterPlace,
  selector: string,
): [number, number] {
  const [, from, colon, to] = /^(\d*)(:?)(\d*)$/.exec(range.trim()) ?? [];
  const start = from ? Number(from) : 0;
  const end = colon ? (to ? Number(to) : size) : start + 1;
  if (from === undefined || (!colon && !from) || start >= end || end > size) {
    throw new BadConfig(PATH, {
      asked: `${selector}: range [${range}]`,
      limit: `${name} has elements 0 to ${size - 1}`,
      remedy: 'Write [from:to] or [index] inside it',
    });
  }
  return [start, end];
}

function refuse(layout: ParameterLayout, selector: string): never {
  throw new BadConfig(PATH, {
    asked: `no parameter is named like ${selector.slice(0, 80)}`,
    limit: `there are ${layout.places
      .map(({ name }) => name)
      .slice(0, 12)
      .join(', ')}`,
    remedy: 'Name one, or the beginning of several',
  });
}
