/** Matrix products as the networks need them: what is chosen, against each other way to compute the same. */
import type { Gpu } from '../src/gpu/open';
import type { Node, Tensor } from '../src/graph/types';
import { sumBound } from '../src/lab/check/bounds';
import type { Case } from '../src/lab/check/types';
import { matmul } from '../src/ops/matmul';
import { productCandidates, tuneProducts, type Choice } from '../src/ops/matmul/choose';
import { transpose } from '../src/ops/view';
import type { Bench, Contender } from './types';
import { kernelContender } from './kernel';

interface Size {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly replicas?: number;
  /** A is stored transposed: the gradient of a weight. */
  readonly turned?: boolean;
  readonly what: string;
}

export const matmulSizes: readonly Size[] = [
  { m: 3830, k: 128, n: 512, what: 'hidden layer of the grokking transformer, 3,830 rows' },
  { m: 512, k: 128, n: 512, what: 'the same for a batch of 512' },
  { m: 128, k: 3830, n: 512, turned: true, what: 'gradient of that layer' },
  { m: 715, k: 48, n: 53, what: 'a small network on its whole data set' },
  { m: 128, k: 48, n: 53, replicas: 64, what: '64 chains of a small network' },
];

export const benches: readonly Bench[] = matmulSizes.map((size): Bench => {
  const { m, k, n, replicas = 1, what } = size;
  const shape = `${m}×${k}·${k}×${n}${replicas > 1 ? `, ${replicas} replicas` : ''}`;
  return {
    name: `matmul/${m}x${k}x${n}${replicas > 1 ? `x${replicas}` : ''}`,
    title: `${shape}: ${what}`,
    unit: 'product',
    contenders: async ({ gpu }) => {
      const spec = { case: caseOf(size), replicas, flops: 2 * m * k * n * replicas };
      const others = productCandidates({ m, k, n, count: replicas }, gpu.traits);
      return [
        kernelContender(gpu, { ...spec, name: 'chosen' }),
        ...others.map((choice): Contender => {
          const name = `${choice.body} ${choice.tileM}×${choice.tileN}${choice.splits > 1 ? `, K in ${choice.splits}` : ''}`;
          return kernelContender(always(gpu, choice), { ...spec, name });
        }),
      ];
    },
  };
});

/** The same device with one way to compute products. */
function always(gpu: Gpu, choice: Choice): Gpu {
  const traits = { ...gpu.traits };
  tuneProducts(traits, () => choice);
  return Object.create(gpu, { traits: { value: traits } }) as Gpu;
}

function caseOf({ m, k, n, turned = false }: Size): Case {
  return {
    op: 'matmul',
    name: `${m}×${k}·${k}×${n}`,
    build(_, draw) {
      const a = draw.leaf('a', turned ? [k, m] : [m, k]);
      const b: Node = draw.leaf('b', [k, n]);
      return {
        output: matmul(turned ? transpose(a) : a, b),
        // |a|·|b| of normal deviates has mean 2/π; no sum of k of them is three times as large for k ≥ 48.
        bound: (_inputs: unknown, { data }: Tensor) =>
          sumBound(k, new Float64Array(data.length).fill(3 * k)),
      };
    },
  };
}
