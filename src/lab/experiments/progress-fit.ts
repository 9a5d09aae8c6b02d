/** Weights of a file as the flat parameters of a network. */
import { BadCheckpoint } from '../../gpu/errors';
import type { ParameterLayout } from '../../graph/layout';
import { formatShape, sameShape } from '../../graph/shape';
import { bitsOf, type Weight, type Weights } from '../weights';

/**
 * Parameters [P] in the order of the layout, padding 0. What the network lacks may be in the file where it changes nothing: biases
 * and positions that are zero, and the copy of the embedding that a tied network reads out with. `nameOf` turns our names into the
 * file's. Throws BadCheckpoint naming the tensor.
 */
export function fitWeights(
  weights: Weights,
  layout: ParameterLayout,
  nameOf: (name: string) => string = (name) => name,
): Float32Array {
  const parameters = new Float32Array(layout.stride);
  const own = new Set<string>();
  for (const { name, shape, offset } of layout.places) {
    own.add(name);
    const weight = weights.get(name);
    if (!weight || !sameShape(weight.shape, shape)) {
      throw new BadCheckpoint({
        asked: `tensor '${nameOf(name)}': ${weight ? formatShape(weight.shape) : 'missing'}`,
        limit: `this network has ${formatShape(shape)} as ${name}`,
        remedy: 'Use the weights of one network as it was saved',
      });
    }
    bitsOf({ data: parameters }).set(bitsOf(weight), offset);
  }
  for (const [name, weight] of weights)
    if (!own.has(name)) requireIdle(name, weight, weights, nameOf);
  return parameters;
}

function requireIdle(
  name: string,
  weight: Weight,
  weights: Weights,
  nameOf: (name: string) => string,
): void {
  const absent = name.endsWith('.bias') || name === 'pos_embed.weight';
  if (absent) {
    if (weight.data.every((value) => value === 0)) return;
    throw new BadCheckpoint({
      asked: `tensor '${nameOf(name)}'`,
      limit: 'this network has none, and it is not zero',
      remedy: name.endsWith('.bias')
        ? 'Use a file whose configuration has these biases (network.biases), or none'
        : 'Use a file whose configuration has positions (network.positions), or none',
    });
  }
  if (name === 'unembed.weight' && isCopy(weight, weights.get('embed.weight'))) return;
  throw new BadCheckpoint({
    asked: `tensor '${nameOf(name)}' ${formatShape(weight.shape)}`,
    limit: 'this network has no such weights',
    remedy: 'Leave it out of the file, or use that of another network',
  });
}

function isCopy(unembedding: Weight, embedding: Weight | undefined): boolean {
  if (!embedding) return false;
  const theirs = bitsOf(unembedding);
  const ours = bitsOf(embedding);
  return theirs.length <= ours.length && theirs.every((bits, k) => bits === ours[k]);
}
