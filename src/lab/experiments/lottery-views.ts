/** What is drawn of the masks of a round: where on the image the first layer still looks. */
import type { ParameterLayout } from '../../graph/layout';
import type { LotteryConfig } from './lottery-schema';
import { sideOf } from './lottery-shares';

/**
 * `pixels` [T, side, side]: share of the first layer's weights left at each pixel. `first` [hidden, side, side]: the mask of the first
 * layer of trial 0. `masks` are those of all trials, [T, P].
 */
export function viewsOf(config: LotteryConfig, layout: ParameterLayout, masks: Float32Array) {
  const side = sideOf(config);
  const { offset, shape } = layout.places[0];
  const [hidden, pixels] = shape;
  const shares = new Float32Array(config.networks * pixels);
  for (let trial = 0; trial < config.networks; trial++) {
    const from = trial * layout.stride + offset;
    for (let k = 0; k < hidden * pixels; k++)
      shares[trial * pixels + (k % pixels)] += masks[from + k] / hidden;
  }
  return {
    pixels: { shape: [config.networks, side, side], data: shares },
    first: {
      shape: [hidden, side, side],
      data: masks.slice(offset, offset + hidden * pixels),
    },
  };
}
