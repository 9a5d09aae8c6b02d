/** Sums: along rows, down columns as gradients of biases need them, and of everything to a number, in two passes. */
import type { Tensor } from '../src/graph/types';
import { sumBound } from '../src/lab/check/bounds';
import { sum } from '../src/ops/reduce';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import { createTask } from './task';
import type { Bench, Weight } from './types';

interface Size {
  readonly name: string;
  readonly title: string;
  readonly shape: readonly [number, number];
  readonly axes: readonly number[];
  readonly weight?: Weight;
}

const sizes: readonly Size[] = [
  { name: 'rows', title: 'each of 4,096 rows of 128', shape: [4096, 128], axes: [1] },
  {
    ...{ name: 'columns', title: '3,830 rows of 128, a sum per column', shape: [3830, 128] },
    ...{ axes: [0], weight: 'light' },
  },
  { name: 'all', title: '1,048,576 numbers to one', shape: [1024, 1024], axes: [0, 1] },
  {
    ...{ name: 'all-16M', title: '16,777,216 numbers to one', shape: [4096, 4096] },
    ...{ axes: [0, 1], weight: 'heavy' },
  },
];

export const benches: readonly Bench[] = sizes.map(({ name, title, shape, axes, weight }) => ({
  name: `reduce/${name}`,
  title: `sums of ${title}`,
  unit: 'passes',
  weight,
  contenders: async ({ gpu }) => {
    const [rows, columns] = shape;
    const terms = (axes.includes(0) ? rows : 1) * (axes.includes(1) ? columns : 1);
    const results = (rows * columns) / terms;
    const task = createTask({
      case: {
        op: 'sum',
        name: title,
        build: (_, draw) => ({
          output: sum(draw.leaf('x', shape), { axes }),
          bound: (_inputs: unknown, { data }: Tensor) => boundOf(terms, data.length),
        }),
      },
      bytes: 4 * (rows * columns + results),
    });
    return [
      kernelContender(gpu, 'kernel', task),
      plainContender(task, (values) => {
        const output = new Float32Array(results);
        const x = values['x'] as Float32Array;
        const totals = new Float64Array(results);
        return {
          outputs: { output },
          run() {
            totals.fill(0);
            if (axes.includes(0)) addColumns(x, columns, totals);
            else addRows(x, columns, totals);
            output.set(totals);
          },
        };
      }),
      ...referenceContenders(task),
    ];
  },
}));

/** Normal deviates have mean size √(2/π) < 1; the kernels add in blocks, so that errors grow as in sums of 16 + terms/16. */
function boundOf(terms: number, results: number): Float64Array {
  return sumBound(Math.min(terms, 96 + terms / 16), new Float64Array(results).fill(terms));
}

/** Into one total per column, or into the only one. */
function addColumns(x: Float32Array, columns: number, totals: Float64Array): void {
  if (totals.length === 1) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i + 3 < x.length; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    totals[0] = a + b + (c + d);
    return;
  }
  for (let at = 0; at < x.length; at += columns)
    for (let j = 0; j < columns; j++) totals[j] += x[at + j];
}

function addRows(x: Float32Array, columns: number, totals: Float64Array): void {
  for (let row = 0, at = 0; row < totals.length; row++, at += columns) {
    let total = 0;
    for (let i = at; i < at + columns; i++) total += x[i];
    totals[row] = total;
  }
}
