/** Matrix products as the networks need them, and squares: what is chosen, against each other way to compute the same. */
import type { Node, Tensor } from '../src/graph/types';
import { sumBound } from '../src/lab/check/bounds';
import type { Case } from '../src/lab/check/types';
import { matmul } from '../src/ops/matmul';
import { matmulHalf } from '../src/ops/matmul-half';

import { transpose } from '../src/ops/view';
import { allCandidates, describeChoice } from '../src/tune/candidates';
import { usingProducts } from '../src/tune/force';
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import { multiply, rowMajor, transposed } from './plain';
import { SEED, createTask } from './task';
import type { Expectation, Task, Values } from './task';
import type { Bench, Contender, Weight } from './types';

interface Size {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly replicas?: number;
  /** A is stored transposed: the gradient of a weight. */
  readonly turned?: boolean;
  readonly what: string;
  readonly weight?: Weight;
}

export const matmulSizes: readonly Size[] = [
  { m: 3830, k: 128, n: 512, what: 'hidden layer of the grokking transformer, 3,830 rows' },
  { m: 512, k: 128, n: 512, what: 'the same for a batch of 512' },
  { m: 3830, k: 512, n: 128, what: 'what follows it, 3,830 rows' },
  { m: 3830, k: 128, n: 116, what: 'logits of 113 classes, 3,830 rows' },
  { m: 128, k: 3830, n: 512, turned: true, what: 'gradient of that layer' },
  { m: 715, k: 48, n: 53, what: 'a small network on its whole data set', weight: 'light' },
  { m: 128, k: 48, n: 53, replicas: 64, what: '64 chains of a small network' },
  { ...square(256), weight: 'light' },
  square(512),
  square(1024),
  { ...square(2048), weight: 'heavy' },
  { ...square(4096), weight: 'heavy' },
];

function square(n: number): Size {
  return { m: n, k: n, n, what: 'a square' };
}

/** Beyond so much arithmetic only some elements are worked out in float64, and no loop in JavaScript competes. */
const LARGE_FLOPS = 1e9;
const PLAIN_FLOPS = 3e9;
const SAMPLED = 4096;

export const benches: readonly Bench[] = matmulSizes.map((size): Bench => {
  const { m, k, n, replicas = 1, what, weight } = size;
  const shape = `${m}×${k}·${k}×${n}${replicas > 1 ? `, ${replicas} replicas` : ''}`;
  const name = m === n && k === n ? `${n}` : `${m}x${k}x${n}${replicas > 1 ? `x${replicas}` : ''}`;
  return {
    name: `matmul/${name}`,
    title: `${shape}: ${what}`,
    unit: 'products',
    weight,
    contenders: async ({ gpu, peers }) => {
      const task = taskOf(size);
      return [
        kernelContender(gpu, 'chosen', task),
        ...allCandidates({ m, k, n, count: replicas }, gpu.traits).map((choice) =>
          kernelContender(
            usingProducts(gpu, () => choice),
            describeChoice(choice),
            task,
          ),
        ),
        ...(gpu.traits.half
          ? [kernelContender(gpu, 'weights as float16', taskOf(size, true))]
          : []),
        // A built page has no other libraries: without this they would be in its files.
        ...(peers && !import.meta.env.PROD && replicas === 1 && !size.turned
          ? await enterPeers(task, size)
          : []),
        ...(task.flops! <= PLAIN_FLOPS ? [plainContenderOf(task, size)] : []),
        ...referenceContenders(task),
      ];
    },
  };
});

async function enterPeers(task: Task, size: Size): Promise<Contender[]> {
  const { matmulPeers } = await import('./peers/matmul');
  return matmulPeers(task, size);
}

/** With `half`, B is read as float16 and the bound has a rounding of it. */
function taskOf(size: Size, half = false): Task {
  const { m, k, n, replicas = 1 } = size;
  const flops = 2 * m * k * n * replicas;
  const expect =
    flops > LARGE_FLOPS ? (values: Values) => expectSome(size, values, half) : undefined;
  const bytes = 4 * replicas * (m * k + k * n + m * n);
  return createTask({ case: caseOf(size, half), replicas, flops, bytes, items: replicas, expect });
}

function caseOf({ m, k, n, turned = false }: Size, half: boolean): Case {
  return {
    op: 'matmul',
    name: `${m}×${k}·${k}×${n}`,
    build(_, draw) {
      const a = draw.leaf('a', turned ? [k, m] : [m, k]);
      const b: Node = draw.leaf('b', [k, n]);
      return {
        output: (half ? matmulHalf : matmul)(turned ? transpose(a) : a, b),
        // |a|·|b| of normal deviates has mean 2/π; no sum of k of them is three times as large for k ≥ 48.
        bound: (_inputs: unknown, { data }: Tensor) =>
          boundOf(k, new Float64Array(data.length).fill(3 * k), half),
      };
    },
  };
}

/** A number below 2⁻¹⁴ may be lost as float16, which is less than the rounding of all others. */
function boundOf(k: number, sizes: Float64Array, half: boolean): Float64Array {
  const bound = sumBound(k, sizes);
  return half ? bound.map((one, i) => one + 2 ** -10 * sizes[i]) : bound;
}

/** Elements at random, and of the last row and column, where tiles end. */
function expectSome(
  { m, k, n, turned = false }: Size,
  { a, b }: Values,
  half: boolean,
): Expectation {
  const random = createRandom(SEED, 0, streams.probe);
  const at = Uint32Array.from({ length: SAMPLED }, (_, i) => {
    const row = i % 4 === 0 ? m - 1 : random.below(m);
    const column = i % 4 === 1 ? n - 1 : random.below(n);
    return row * n + column;
  });
  const sizes = new Float64Array(SAMPLED);
  const values = Float64Array.from(at, (index, i) => {
    const [row, column] = [Math.floor(index / n), index % n];
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const product = a[turned ? j * m + row : row * k + j] * b[j * n + column];
      sum += product;
      sizes[i] += Math.abs(product);
    }
    return sum;
  });
  return { output: 'output', replica: 0, at, values, bound: boundOf(k, sizes, half) };
}

function plainContenderOf(task: Task, { m, k, n, turned = false }: Size): Contender {
  return plainContender(task, (values) => {
    const [a, b] = [values['a'] as Float32Array, values['b'] as Float32Array];
    const output = new Float32Array(task.replicas * m * n);
    return {
      outputs: { output },
      run() {
        for (let r = 0; r < task.replicas; r++) {
          const left = turned ? transposed(rowMajor(a, m, r * k * m)) : rowMajor(a, k, r * m * k);
          multiply(left, rowMajor(b, n, r * k * n), output, [m, k, n], r * m * n);
        }
      },
    };
  });
}
