/** The shapes of benches/matmul.ts as PyTorch reads them. */
import { benches, matmulSizes } from '../../benches/matmul';

/** JSON. */
export function writeMatmul(): string {
  const sizes = matmulSizes.map(({ m, k, n, replicas = 1, turned = false }, at) => {
    const { name, title, unit } = benches[at];
    return { name, title, unit, m, k, n, replicas, turned };
  });
  return `${JSON.stringify(sizes, null, 2)}\n`;
}
