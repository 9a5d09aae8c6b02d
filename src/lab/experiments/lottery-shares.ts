/** Sizes of the classifier and what each round leaves of them, from the configuration alone. */
import { ratesAfter, shareOfSurvivors } from '../../prune/rounds';
import type { LotteryConfig } from './lottery-schema';

export const CLASSES = 10;

export function sideOf({ data }: Pick<LotteryConfig, 'data'>): 14 | 28 {
  return data.side === '14' ? 14 : 28;
}

/** Widths of the layers, from pixels to classes. */
export function widthsOf(config: Pick<LotteryConfig, 'data' | 'network'>): number[] {
  return [sideOf(config) ** 2, ...config.network.hidden, CLASSES];
}

/** Share of the weights left after a round, biases not counted; 1 for round 0. */
export function shareLeft(config: LotteryConfig, round: number): number {
  const widths = widthsOf(config);
  const sizes = widths.slice(1).map((width, k) => width * (widths[k] ?? 0));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return keptOf(config, sizes, round) / all;
}

function keptOf(
  { pruned, scope, outputRate }: LotteryConfig,
  sizes: readonly number[],
  round: number,
): number {
  const share = shareOfSurvivors(pruned, round);
  const last = sizes.length - 1;
  if (scope === 'layerwise') {
    const { output: rate } = ratesAfter(pruned, round, { output: outputRate });
    return sizes.reduce(
      (sum, size, k) => sum + size - Math.round(share * (k === last ? rate : 1) * size),
      0,
    );
  }
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const open = outputRate === 0 ? all - sizes[last] : all;
  return all - Math.round(share * open);
}
