/** From scores to a mask of an exact number of weights. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import type { ParameterLayout, ParameterPlace } from '../graph/layout';
import type { KeepLargest, PruneOptions } from './types';

/**
 * 1 for the largest scores, [P], padding 0. Of a pool of n weights, all tensors together or each for itself, exactly
 * n − round(pruned·n) stay, or all that `within` left if that is fewer; equal scores fall to the lower index. Tensors of `exempt` stay
 * as `within` has them. O(P log P).
 *
 * Throws `BadConfig` naming the option for shares outside 0 … 1, unknown tensors, rates without `layerwise`, scores that are not finite;
 * `ShapeMismatch` for scores or a mask of another length than the layout.
 */
export const keepLargest: KeepLargest = (scores, layout, options) => {
  const { pruned, scope, within, rates = {}, exempt = [] } = options;
  checkOptions(layout, options);
  checkLength('scores', scores.length, layout);
  if (within) checkLength('within', within.length, layout);
  const open = layout.places.filter(({ name }) => !exempt.includes(name));
  const pools = scope === 'global' ? [open] : open.map((place) => [place]);
  const mask = new Float32Array(layout.stride);
  for (const { offset, size } of layout.places.filter(({ name }) => exempt.includes(name))) {
    for (let k = offset; k < offset + size; k++) mask[k] = stays(within, k) ? 1 : 0;
  }
  for (const pool of pools) {
    const total = pool.reduce((sum, { size }) => sum + size, 0);
    const share = scope === 'global' ? pruned : pruned * (rates[pool[0].name] ?? 1);
    keepOf(pool, total - Math.round(share * total), { scores, within, mask });
  }
  return mask;
};

interface Pass {
  readonly scores: ArrayLike<number>;
  readonly within: Float32Array | undefined;
  readonly mask: Float32Array;
}

function stays(within: Float32Array | undefined, k: number): boolean {
  return !within || within[k] !== 0;
}

/** The least score that stays is found by sorting numbers alone, which is several times faster than sorting indices. */
function keepOf(
  pool: readonly ParameterPlace[],
  kept: number,
  { scores, within, mask }: Pass,
): void {
  const left = pool.reduce((sum, { size }) => sum + size, 0);
  const sorted = new Float64Array(left);
  let count = 0;
  for (const { name, offset, size } of pool) {
    for (let k = offset; k < offset + size; k++) {
      if (!stays(within, k)) continue;
      if (!Number.isFinite(scores[k])) throw notFinite(name, k - offset, scores[k]);
      sorted[count++] = scores[k];
    }
  }
  const ranked = sorted.subarray(0, count).sort();
  const taken = Math.min(kept, count);
  if (taken === 0) return;
  const threshold = ranked[count - taken];
  let above = 0;
  while (above < taken && ranked[count - 1 - above] > threshold) above++;
  let equals = taken - above;
  for (const { offset, size } of pool) {
    for (let k = offset; k < offset + size; k++) {
      if (!stays(within, k)) continue;
      if (scores[k] > threshold || (scores[k] === threshold && equals-- > 0)) mask[k] = 1;
    }
  }
}

function notFinite(name: string, k: number, score: number): BadConfig {
  return new BadConfig('scores', {
    asked: `${name}[${k}] has score ${score}`,
    limit: 'only finite scores can be ranked',
    remedy: 'Score a network whose outputs stay finite: smaller weights or fewer layers',
  });
}

function checkLength(what: string, length: number, { stride }: ParameterLayout): void {
  if (length === stride) return;
  throw new ShapeMismatch(
    `${what}: ${length} values for ${stride} parameters, padding included; give one per parameter, in the order of the layout`,
  );
}

function checkOptions(layout: ParameterLayout, options: PruneOptions): void {
  const { pruned, scope, rates = {}, exempt = [] } = options;
  if (!(pruned >= 0 && pruned <= 1)) {
    throw new BadConfig('pruned', {
      asked: `got ${pruned}`,
      limit: 'a share of the weights is from 0 to 1',
      remedy: 'Choose one, 0.6 for 60 %',
    });
  }
  const known = layout.places.map(({ name }) => name);
  for (const [path, names] of Object.entries({ exempt, rates: Object.keys(rates) })) {
    const unknown = names.find((name) => !known.includes(name));
    if (unknown === undefined) continue;
    throw new BadConfig(path, {
      asked: `got ${unknown}`,
      limit: `the tensors are ${known.join(', ')}`,
      remedy: 'Name one of them',
    });
  }
  if (pruned > 0 && known.every((name) => exempt.includes(name))) {
    throw new BadConfig('exempt', {
      asked: 'got every tensor',
      limit: `nothing is left of which ${pruned} could be pruned`,
      remedy: 'Leave one out, or set pruned to 0',
    });
  }
  if (scope === 'global' && Object.keys(rates).length > 0) {
    throw new BadConfig('rates', {
      asked: 'got rates with scope global',
      limit: 'tensors in one pool have no rates of their own',
      remedy: 'Set scope to layerwise',
    });
  }
  for (const [name, rate] of Object.entries(rates)) {
    if (rate >= 0 && rate * pruned <= 1) continue;
    throw new BadConfig(`rates.${name}`, {
      asked: `got ${rate}`,
      limit: `times pruned = ${pruned} it must be from 0 to 1`,
      remedy: 'Choose a smaller one',
    });
  }
}
