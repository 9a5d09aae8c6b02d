/** The mask that the settings would draw, as soon as the weights of its step are known. */
import type { ParameterLayout } from '../../src/graph/layout';
import { keepLargest } from '../../src/prune/keep-largest';
import { magnitudeScores } from '../../src/prune/scores';
import type { Place, Story } from './story';

let last: { key: string; of: object; mask: Float32Array } | null = null;

/** Null where the weights of the step are not kept, or the network is another one. */
export function previewMask(story: Story, sourceStep: number, pruned: number): Float32Array | null {
  const weights = story.weights(sourceStep);
  if (weights === null || story.places.length === 0) return null;
  const key = `${sourceStep} ${pruned}`;
  if (last?.key === key && last.of === weights) return last.mask;
  const values = Float32Array.from(weights);
  const layout = layoutOf(story.places, values.length);
  const mask = keepLargest(magnitudeScores(values), layout, { pruned, scope: 'global' });
  last = { key, of: weights, mask };
  return mask;
}

function layoutOf(places: readonly Place[], stride: number): ParameterLayout {
  const count = places.reduce((sum, { size }) => sum + size, 0);
  return {
    places: places.map((place) => ({ ...place, init: { kind: 'zeros' } })),
    stride,
    count,
  } as ParameterLayout;
}
