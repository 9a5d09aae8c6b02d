/** The flat parameter buffer: where each tensor lies, and how it starts. */
import { LimitExceeded } from '../gpu/errors';
import { isParameter, type Init } from '../ops/source';
import { createRandom } from '../random/random';
import { streams } from '../random/streams';
import { sizeOf } from './shape';
import type { Graph, Shape } from './types';

export interface ParameterPlace {
  readonly name: string;
  readonly shape: Shape;
  readonly init: Init;
  /** First element within one replica's P. */
  readonly offset: number;
  readonly size: number;
}

export interface ParameterLayout {
  readonly places: readonly ParameterPlace[];
  /** P: elements per replica, padding included. */
  readonly stride: number;
  /** Trained scalars per replica, padding not counted. */
  readonly count: number;
}

/** Tensors begin at multiples of four floats, so that kernels may load vec4. */
const ALIGNMENT = 4;

/** Parameters of the graph in the order they were traced. */
export function layOutParameters(graph: Graph): ParameterLayout {
  const places: ParameterPlace[] = [];
  let offset = 0;
  let count = 0;
  for (const node of graph.nodes) {
    if (!isParameter(node)) continue;
    const { name, shape, init } = node.attributes;
    const size = sizeOf(shape);
    places.push({ name, shape, init, offset, size });
    offset += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    count += size;
  }
  return { places, stride: offset, count };
}

/** Throws `LimitExceeded` when one flat buffer of all replicas takes more bytes than `most`, naming how many fit. */
export function checkParameterBytes(
  { stride }: ParameterLayout,
  replicas: number,
  most: number,
  bytesPerScalar = 4,
): void {
  const bytes = bytesPerScalar * stride * replicas;
  if (bytes <= most) return;
  const fit = Math.floor(most / (bytesPerScalar * stride));
  throw new LimitExceeded({
    asked: `${replicas} replicas of ${stride} parameters, ${Math.ceil(bytes / 2 ** 20)} MiB`,
    limit: `at most ${Math.floor(most / 2 ** 20)} MiB can be held here`,
    remedy:
      fit > 0 ? `Lower replicas to ${fit}, or use a smaller network` : 'Use a smaller network',
  });
}

/** Philox key of a replica: a seed and a lane. Replicas that are seeds differ in the first, chains of one seed in the second. */
export type Key = readonly [seed: number, lane: number];

/**
 * Starting values [R, P]: they depend on the replica's key and on nothing else. Float32, so that device and reference
 * start from the same numbers.
 */
export function initialParameters(layout: ParameterLayout, keys: readonly Key[]): Float32Array {
  const values = new Float32Array(keys.length * layout.stride);
  keys.forEach(([seed, lane], replica) => {
    const random = createRandom(seed, lane, streams.init);
    for (const { init, offset, size } of layout.places) {
      const start = replica * layout.stride + offset;
      for (let k = 0; k < size; k++) values[start + k] = draw(init, random);
    }
  });
  return values;
}

function draw(init: Init, random: { uniform(): number; normal(): number }): number {
  switch (init.kind) {
    case 'zeros':
      return 0;
    case 'ones':
      return 1;
    case 'normal':
      return init.std * random.normal();
    case 'uniform':
      return init.bound * (2 * random.uniform() - 1);
  }
}
