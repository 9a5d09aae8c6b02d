/** A trained network as a point for chains to run around, what is pruned held at zero. */
import type { ParameterLayout } from '../../graph/layout';
import type { TargetPoint } from '../../slt/targets/types';

export interface PrunedNetwork {
  readonly name: string;
  /** [P]. */
  readonly weights: Float32Array;
  /** [P], null for a network left whole. */
  readonly mask: Float32Array | null;
}

export function pointAt(
  layout: ParameterLayout,
  { name, weights, mask }: PrunedNetwork,
): TargetPoint {
  const own = (values: Float32Array) =>
    layout.places.map(
      (place) => [place.name, values.subarray(place.offset, place.offset + place.size)] as const,
    );
  return {
    label: name,
    step: null,
    values: Object.fromEntries(own(weights).map(([at, part]) => [at, Float64Array.from(part)])),
    baseline: null,
    ...(mask && {
      frozen: Object.fromEntries(own(mask).map(([at, part]) => [at, zerosOf(part)])),
    }),
  };
}

function zerosOf(mask: Float32Array): number[] {
  const zeros: number[] = [];
  mask.forEach((bit, k) => bit === 0 && zeros.push(k));
  return zeros;
}
