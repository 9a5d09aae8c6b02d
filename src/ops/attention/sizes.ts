/** What all attention ops agree on: sizes, limits, masks. */
import { BadConfig, LimitExceeded, ShapeMismatch } from '../../gpu/errors';
import { formatShape } from '../../graph/shape';
import type { Type } from '../../graph/types';
import { checkFloat } from '../rows';

export interface AttentionAttributes {
  readonly causal: boolean;
  /** On the products of query and key, before the softmax. */
  readonly scale: number;
}

export interface AttentionSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  readonly depth: number;
}

/** Longer sequences want kernels that nobody has measured here. */
export const MOST_TOKENS = 512;
/** What an invocation of the barrier-free kernels can hold: `CHUNKS` in shaders/lib/attention/quads.wgsl. */
export const MOST_DEPTH = 128;

/**
 * Sizes from query [B, Tq, H, d] and keys or values [B, Tk, H, d], a batch of 1 shared by all. Throws `ShapeMismatch`, and
 * `LimitExceeded` for more than 512 tokens or a depth above 128.
 */
export function attentionSizes(
  op: string,
  query: Type,
  others: readonly Type[],
  { causal, scale }: AttentionAttributes,
): AttentionSizes {
  for (const each of [query, ...others]) {
    checkFloat(op, each);
    if (each.shape.length !== 4) {
      throw new ShapeMismatch(
        `${op}: an input ${formatShape(each.shape)}; give [batch, time, heads, depth]`,
      );
    }
  }
  const [, queries, heads, depth] = query.shape;
  const keys = others[0].shape[1];
  const batch = Math.max(...[query, ...others].map(({ shape }) => shape[0]));
  const fits =
    [query, ...others].every(({ shape }) => shape[0] === batch || shape[0] === 1) &&
    others.every(({ shape: [, t, h, d] }) => t === keys && h === heads && d === depth);
  if (!fits) {
    const shapes = [query, ...others].map(({ shape }) => formatShape(shape)).join(', ');
    throw new ShapeMismatch(
      `${op}: ${shapes}; query [B, Tq, H, d] wants keys and values [B, Tk, H, d], each B or 1 examples`,
    );
  }
  if (causal && queries > keys) {
    throw new ShapeMismatch(
      `${op}: ${queries} queries for ${keys} keys; when causal, the last query sees the last key and the first one ` +
        `needs a key too, so give at most ${keys} queries`,
    );
  }
  checkLimit(op, 'tokens', Math.max(queries, keys), MOST_TOKENS);
  checkLimit(op, 'columns a head', depth, MOST_DEPTH);
  if (!Number.isFinite(scale)) throw new BadConfig('scale', `${op}: scale ${scale}; give a number`);
  return { batch, queries, keys, heads, depth };
}

function checkLimit(op: string, what: string, asked: number, limit: number): void {
  if (asked <= limit) return;
  throw new LimitExceeded({
    asked: `${op}: ${asked} ${what}`,
    limit: `its kernels take at most ${limit}`,
    remedy: 'Use shorter sequences or narrower heads, or write it with matmul and softmax',
  });
}

/** Query i sees the keys j ≤ i + shift: the last query is aligned with the last key. */
export function shiftOf({ queries, keys }: AttentionSizes, causal: boolean): number {
  return causal ? keys - queries : keys;
}

export function querySize({ batch, queries, heads, depth }: AttentionSizes): number {
  return batch * queries * heads * depth;
}

export function keySize({ batch, keys, heads, depth }: AttentionSizes): number {
  return batch * keys * heads * depth;
}

/** Elements of the rows (peak, 1 / mass, delta, 0) that the query's gradient leaves for the keys'. */
export function statisticsSize({ batch, queries, heads }: AttentionSizes): number {
  return 4 * batch * queries * heads;
}
