/**
 * Discrete Fourier transforms of real tensors in the real orthonormal basis F of length n: row 0 is 1/√n, rows 2k − 1 and 2k are
 * cos and sin of 2πkj/n times √(2/n), and for even n the last row is cos(πj)/√n. F·Fᵀ = 1, so norms and gradients keep
 * their size. Apply it to two axes in turn for the two-dimensional transform.
 */
import { normalizeAxis, sizeOf } from '../graph/shape';
import type { Node } from '../graph/types';
import { fourierBasis } from './dft/basis';
import { fourier, isFast } from './dft/fourier';
import { matmul } from './matmul';
import { table } from './table';
import { reshape, transpose } from './view';

/** Coefficients along `axis`, in place of the elements: the shape stays. Any length; powers of two from 256 on are fast. */
export function dft(x: Node, axis: number): Node {
  return transform('dft', x, axis, false);
}

/** The inverse of `dft`. */
export function inverseDft(x: Node, axis: number): Node {
  return transform('inverseDft', x, axis, true);
}

function transform(name: string, x: Node, axis: number, inverse: boolean): Node {
  const at = normalizeAxis(name, axis, x.shape.length);
  const n = x.shape[at];
  if (isFast(n)) return alongLast(x, at, (last) => fourier(last, inverse));
  const basis = table(x.graph, `Fourier basis ${n}`, [n, n], () => fourierBasis(n));
  const [before, after] = [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at + 1))];
  // y = F·x along the axis; where it is the last one, y = x·Fᵀ with rows of x together.
  const result =
    after === 1
      ? matmul(reshape(x, [before, n]), inverse ? basis : transpose(basis))
      : matmul(inverse ? transpose(basis) : basis, reshape(x, [before, n, after]));
  return reshape(result, x.shape);
}

/** Brings the axis to the end and back. */
function alongLast(x: Node, axis: number, f: (last: Node) => Node): Node {
  const rank = x.shape.length;
  if (axis === rank - 1) return f(x);
  const order = [...x.shape.keys()];
  [order[axis], order[rank - 1]] = [rank - 1, axis];
  return transpose(f(transpose(x, order)), order);
}
