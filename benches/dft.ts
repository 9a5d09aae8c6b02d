/** Fourier transforms of rows: powers of two, which are fast from 256 on, and the primes of modular addition, a product each. */
import type { Tensor } from '../src/graph/types';
import { dft } from '../src/ops/dft';
import { isFast } from '../src/ops/dft/fourier';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import { planTransform } from './plain-dft';
import { createTask } from './task';
import type { Bench } from './types';

const lengths = [53, 64, 97, 113, 256, 1024, 4096];
const LIGHT = [64, 113];
/** So many elements whatever the length. */
const ELEMENTS = 2 ** 17;

export const benches: readonly Bench[] = lengths.map((n) => {
  const rows = Math.floor(ELEMENTS / n);
  return {
    name: `dft/${n}`,
    title: `real transforms of length ${n}, ${rows.toLocaleString('en')} rows${isFast(n) ? '' : ', by a product'}`,
    unit: 'transforms',
    weight: LIGHT.includes(n) ? 'light' : 'usual',
    contenders: async ({ gpu }) => {
      const task = createTask({
        case: {
          op: 'dft',
          name: `${rows} × ${n}`,
          build: (_, draw) => ({ output: dft(draw.leaf('x', [rows, n]), -1), bound: boundOf(n) }),
        },
        flops: rows * countFlops(n),
        bytes: 8 * rows * n,
        items: rows,
      });
      return [
        kernelContender(gpu, isFast(n) ? 'fast' : 'product with the basis', task),
        plainContender(task, (values) => {
          const transform = planTransform(n);
          const output = new Float32Array(rows * n);
          const run = (): void => transform(values['x'] as Float32Array, output);
          return { outputs: { output }, run };
        }),
        ...referenceContenders(task),
      ];
    },
  };
});

/** As usual for real transforms, 2.5·n·log₂ n; a product is 2n². */
function countFlops(n: number): number {
  return isFast(n) ? 2.5 * n * Math.log2(n) : 2 * n * n;
}

/** The basis keeps lengths: an element is off by at most the length of all inputs times the terms met on the way. */
function boundOf(n: number) {
  const terms = isFast(n) ? 4 * Math.log2(n) : n + 2;
  return ({ x }: Readonly<Record<string, Tensor>>): number => {
    let most = 0;
    for (let at = 0; at < x.data.length; at += n)
      most = Math.max(most, Math.hypot(...x.data.subarray(at, at + n)));
    return 2 * terms * 2 ** -24 * most;
  };
}
