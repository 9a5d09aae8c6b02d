/** The random choices of a parity case, and the values of its leaves. */
import type { Graph } from '../../graph/types';
import { data } from '../../ops/source';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import type { Draw, LeafOptions } from './types';

export interface Drawn extends Draw {
  /** Values of the leaves made so far, as a program takes them. */
  readonly values: Readonly<Record<string, Float32Array | Uint32Array>>;
}

/** Same seed, same shapes and same values, on every machine. */
export function createDraw(graph: Graph, seed: number, replicas: number): Drawn {
  const random = createRandom(seed, 0, streams.data);
  const values: Record<string, Float32Array | Uint32Array> = {};
  const total = (shape: readonly number[], { replicated = true }: LeafOptions): number =>
    shape.reduce((size, extent) => size * extent, replicated ? replicas : 1);
  return {
    values,
    integer: (low, high) => low + random.below(high - low + 1),
    pick: (choices) => choices[random.below(choices.length)],
    leaf(name, shape, options = {}) {
      const { replicated = true, scale = 1, map = (deviate: number) => deviate } = options;
      values[name] = Float32Array.from(
        { length: total(shape, options) },
        () => scale * map(random.normal()),
      );
      return data(graph, name, shape, { replicated });
    },
    indices(name, shape, below, options = {}) {
      const { replicated = true } = options;
      values[name] = Uint32Array.from({ length: total(shape, options) }, () => random.below(below));
      return data(graph, name, shape, { dtype: 'u32', replicated });
    },
  };
}
