/** Products in float64, and what is fused with them. */
import { sizeOf } from '../../graph/shape';
import type { Reference, Shape, Tensor } from '../../graph/types';
import { ACTIVATION_OPS, sortInputs, type FusedAttributes } from '../matmul-fused';
import { broadcastStrides, offsetsOf } from '../walk';

export const matmul: Reference<null> = ([a, b], _, { shape }) => productInFloat64(a, b, shape);

/** [..., M, K]·[..., K, N] with broadcasting batch axes; `shape` is that of the result. */
export function productInFloat64(a: Tensor, b: Tensor, shape: Shape): Float64Array {
  const [m, n] = shape.slice(-2);
  const k = a.shape.at(-1)!;
  const batch = shape.slice(0, -2);
  const aFirst = firstElements(a.shape, batch);
  const bFirst = firstElements(b.shape, batch);
  const result = new Float64Array(sizeOf(shape));
  for (let z = 0; z < aFirst.length; z++) {
    for (let i = 0; i < m; i++) {
      const row = result.subarray((z * m + i) * n, (z * m + i + 1) * n);
      for (let q = 0; q < k; q++) {
        const factor = a.data[aFirst[z] + i * k + q];
        const from = bFirst[z] + q * n;
        for (let j = 0; j < n; j++) row[j] += factor * b.data[from + j];
      }
    }
  }
  return result;
}

/** Where the matrix of each batch index begins. */
function firstElements(shape: Shape, batch: Shape): Uint32Array {
  const own = shape.slice(0, -2);
  const matrix = sizeOf(shape.slice(-2));
  return offsetsOf(batch, broadcastStrides(own, batch)).map((index) => index * matrix);
}

export const fusedMatmul: Reference<FusedAttributes> = (
  [a, b, ...followers],
  attributes,
  { shape },
) => {
  const { bias, residual, gate } = sortInputs([a, b, ...followers], attributes);
  let data = productInFloat64(a, b, shape);
  const combine = (other: Tensor | null, f: (x: number, y: number) => number): void => {
    if (!other) return;
    const from = offsetsOf(shape, broadcastStrides(other.shape, shape));
    data = data.map((x, i) => f(x, other.data[from[i]]));
  };
  combine(bias, (x, y) => x + y);
  if (attributes.activation !== 'none') {
    const activate = ACTIVATION_OPS[attributes.activation].scalar!(null);
    data = data.map((x) => activate(x));
  }
  combine(residual, (x, y) => x + y);
  combine(gate, (x, y) => (y > 0 ? x : 0));
  return data;
};
