/**
 * Rewrites what tracing and differentiation left: dead code is dropped, equal nodes are merged, constants folded, trivial views
 * joined, what is wanted of the same cross-entropy becomes one pass, and products take over the additions, activations and
 * ReLU gates that follow them.
 */
import { fusePasses } from './fuse/passes';
import { fuseProducts } from './fuse/products';
import { simplify } from './fuse/simplify';
import type { Node } from './types';

/** Nodes of a fresh graph with the values of `outputs`, in order. Leaves keep their attributes, so they are found by name. */
export function fuse(outputs: readonly Node[]): Node[] {
  return fuseProducts(fusePasses(simplify(outputs)));
}
