/** Training under masks, the same on the device and in float64. */
import { createGraph } from '../../src/graph/node';
import type { ParameterLayout } from '../../src/graph/layout';
import { initialParameters, layOutParameters } from '../../src/graph/layout';
import type { ProgramSpec } from '../../src/graph/program';
import type { Update } from '../../src/graph/update';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { adamw } from '../../src/optim/adamw';
import { sgd } from '../../src/optim/sgd';
import { applyMask, keepLargest, randomScores } from '../../src/prune';
import { vectors } from './models';

export const updates: Readonly<Record<string, () => Update>> = {
  adamw: () => adamw({ lr: 0.01, weightDecay: 1 }),
  'sgd with momentum': () => sgd({ lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  sgd: () => sgd({ lr: 0.1, weightDecay: 0.01 }),
};

export interface Masked {
  readonly spec: ProgramSpec;
  readonly layout: ParameterLayout;
  /** [R, P] */
  readonly masks: Float32Array;
}

/** A classifier 5 → 16 → 3, replica k with the key and the random mask of `lanes[k]`. */
export function masked(lanes: readonly number[], update: Update): Masked {
  const graph = createGraph();
  const { network, input, loss, data } = vectors([5, 16, 3])(graph);
  const total = loss(network.forward(input).logits);
  const layout = layOutParameters(graph);
  const keys = lanes.map((lane) => [4, lane] as const);
  const masks = new Float32Array(lanes.length * layout.stride);
  lanes.forEach((lane, replica) =>
    masks.set(
      keepLargest(randomScores(layout, 4, lane), layout, { pruned: 0.6, scope: 'global' }),
      replica * layout.stride,
    ),
  );
  const start = applyMask(initialParameters(layout, keys), masks);
  return {
    spec: {
      keys,
      data,
      start,
      training: { loss: total, metrics: { loss: total }, update, mask: masks },
    },
    layout,
    masks,
  };
}

/** The classifier with `hidden` units; of more than `alive` the last are masked, and the others start alike whatever `hidden` is. */
export function narrowed(hidden: number, alive: number, update: Update): Masked {
  const graph = createGraph();
  const { network, input, loss, data } = vectors([5, hidden, 3])(graph);
  const total = loss(network.forward(input).logits);
  const layout = layOutParameters(graph);
  const masks = new Float32Array(layout.stride);
  const start = new Float32Array(layout.stride);
  for (const { name, shape, offset, size } of layout.places) {
    const random = createRandom(8, 0, streams.probe, name.length + shape.length);
    const [inner] = shape.slice(1);
    for (let k = 0; k < size; k++) {
      const unit = name === 'layers.1.weight' ? k % inner : Math.floor(k / (inner ?? 1));
      const free = name === 'layers.1.bias' || unit < alive;
      if (!free) continue;
      masks[offset + k] = 1;
      start[offset + k] = 0.5 * random.normal();
    }
  }
  return {
    spec: {
      keys: [[0, 0]],
      data,
      start,
      training: { loss: total, metrics: { loss: total }, update, mask: masks },
    },
    layout,
    masks,
  };
}
