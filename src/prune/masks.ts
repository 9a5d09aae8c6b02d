/** What a mask does to weights, how dense it is, and whether it still lets anything through. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import type { Probe } from './types';

/**
 * Parameters with zeros where the mask has them: [P] or [R, P], the mask [P] for all replicas or [R, P]. To be done to what a
 * training starts from: `Training.mask` holds masked weights at zero from the first update on, and the loss before it is that
 * of the start. Throws `ShapeMismatch`.
 */
export function applyMask(parameters: Float32Array, mask: Float32Array): Float32Array {
  if (mask.length === 0 || parameters.length % mask.length !== 0) {
    throw new ShapeMismatch(
      `mask: ${mask.length} values for ${parameters.length} parameters; give one for each, or for each of one replica`,
    );
  }
  // Not a product: 0 · −1 is −0, and 0 · ∞ no number.
  return parameters.map((value, k) => (mask[k % mask.length] === 0 ? 0 : value));
}

export interface Density {
  /** Shares of weights left, 0 … 1. */
  readonly all: number;
  readonly tensors: Readonly<Record<string, number>>;
  /** Weights left, in all. */
  readonly kept: number;
}

/** Of one replica's mask, [P]. Throws `ShapeMismatch`. */
export function density(mask: ArrayLike<number>, layout: ParameterLayout): Density {
  const counts = countKept(mask, layout);
  const kept = counts.reduce((sum, count) => sum + count, 0);
  return {
    all: kept / layout.count,
    kept,
    tensors: Object.fromEntries(
      layout.places.map(({ name, size }, k) => [name, counts[k] / size] as const),
    ),
  };
}

/** Names of the tensors of which nothing is left. A weight matrix among them is layer collapse: its network computes a constant. */
export function emptiedTensors(mask: ArrayLike<number>, layout: ParameterLayout): string[] {
  const counts = countKept(mask, layout);
  return layout.places.filter((_, k) => counts[k] === 0).map(({ name }) => name);
}

/** A sentence for the record where a mask empties a tensor of two axes or more, else none: without a bias a network still learns. */
export function warnOfCollapse(mask: ArrayLike<number>, layout: ParameterLayout): string[] {
  const matrices = layout.places.filter(({ shape }) => shape.length > 1).map(({ name }) => name);
  const emptied = emptiedTensors(mask, layout).filter((name) => matrices.includes(name));
  if (emptied.length === 0) return [];
  const { kept } = density(mask, layout);
  return [
    `layer collapse: nothing is left of ${emptied.join(', ')} (${kept} of ${layout.count} weights kept); prune less, or by synflow-100`,
  ];
}

/**
 * The weights of a mask that lie on a path from input to output, [P]: those through which something flows in the network of
 * ones. The others get no gradient, or act on nothing. For networks of linear maps and ReLU; biases are sources of paths.
 */
export async function pathsAlive(probe: Probe, mask: Float32Array): Promise<Float32Array> {
  const flow = await probe.gradients('flow', mask);
  if (flow.some((value) => !Number.isFinite(value))) {
    throw new BadConfig('mask', {
      asked: 'its paths are more than float32 can count',
      limit: 'sums of paths must stay below 3e38',
      remedy: 'Ask of a smaller network, or of fewer rows of data',
    });
  }
  return mask.map((bit, k) => Number(bit !== 0 && flow[k] !== 0));
}

function countKept(mask: ArrayLike<number>, { places, stride }: ParameterLayout): number[] {
  if (mask.length !== stride) {
    throw new ShapeMismatch(
      `mask: ${mask.length} values for ${stride} parameters, padding included; give one per parameter of one replica`,
    );
  }
  return places.map(({ offset, size }) => {
    let kept = 0;
    for (let k = offset; k < offset + size; k++) kept += mask[k] === 0 ? 0 : 1;
    return kept;
  });
}
