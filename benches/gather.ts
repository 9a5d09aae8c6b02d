/** Rows of a table picked by index, and the way back: rows added up by index, in a fixed order and without atomics. */
import type { Graph, Tensor } from '../src/graph/types';
import { exact, sumBound } from '../src/lab/check/bounds';
import type { Case, Draw } from '../src/lab/check/types';
import { gather, scatterAdd } from '../src/ops/gather';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import type { PlainWork } from './kernel';
import { createTask } from './task';
import type { Values } from './task';
import type { Bench, Weight } from './types';

interface Size {
  /** Of the table. */
  readonly rows: number;
  readonly width: number;
  /** Indices. */
  readonly count: number;
  readonly what: string;
  readonly weight?: Weight;
}

const sizes: readonly Size[] = [
  { rows: 114, width: 128, count: 1536, what: 'tokens of 512 pairs', weight: 'light' },
  { rows: 114, width: 512, count: 7660, what: 'operands of 3,830 pairs' },
  { rows: 50_257, width: 256, count: 65_536, what: 'tokens of a language model', weight: 'heavy' },
];

interface Way {
  readonly topic: string;
  readonly does: string;
  build(size: Size, graph: Graph, draw: Draw): ReturnType<Case['build']>;
  /** Elements read and written, besides the indices. */
  countElements(size: Size): number;
  plain(size: Size, values: Values): PlainWork;
}

const ways: readonly Way[] = [
  {
    topic: 'gather',
    does: 'picked from',
    build: ({ rows, width, count }, _, draw) => ({
      output: gather(draw.leaf('table', [rows, width]), draw.indices('indices', [count], rows)),
      bound: exact,
    }),
    countElements: ({ width, count }) => 2 * count * width,
    plain({ width, count }, values) {
      const [table, indices] = [values['table'] as Float32Array, values['indices']];
      const output = new Float32Array(count * width);
      return {
        outputs: { output },
        run() {
          for (let i = 0; i < count; i++) {
            const from = indices[i] * width;
            output.set(table.subarray(from, from + width), i * width);
          }
        },
      };
    },
  },
  {
    topic: 'scatter',
    does: 'added into',
    build: ({ rows, width, count }, _, draw) => ({
      output: scatterAdd(
        draw.leaf('values', [count, width]),
        draw.indices('indices', [count], rows),
        rows,
      ),
      // |x| of normal deviates is below 5.5 here; a row gets about count / rows of them.
      bound: (_inputs: unknown, { data }: Tensor) =>
        sumBound(
          (4 * count) / rows + 16,
          new Float64Array(data.length).fill((8 * count) / rows + 32),
        ),
    }),
    countElements: ({ rows, width, count }) => (count + rows) * width,
    plain({ rows, width, count }, given) {
      const [values, indices] = [given['values'] as Float32Array, given['indices']];
      const output = new Float32Array(rows * width);
      return {
        outputs: { output },
        run() {
          output.fill(0);
          for (let i = 0, from = 0; i < count; i++) {
            const to = indices[i] * width;
            for (let j = 0; j < width; j++) output[to + j] += values[from++];
          }
        },
      };
    },
  },
];

export const benches: readonly Bench[] = ways.flatMap(({ topic, does, build, ...way }) =>
  sizes.map((size): Bench => {
    const { rows, width, count, what, weight } = size;
    const title = `${count.toLocaleString('en')} rows of ${width} ${does} a table of ${rows.toLocaleString('en')}: ${what}`;
    return {
      name: `${topic}/${count}x${width}`,
      title,
      unit: 'passes',
      weight,
      contenders: async ({ gpu }) => {
        const task = createTask({
          case: { op: topic, name: title, build: (graph, draw) => build(size, graph, draw) },
          bytes: 4 * (way.countElements(size) + count),
        });
        return [
          kernelContender(gpu, 'kernel', task),
          plainContender(task, (values) => way.plain(size, values)),
          ...referenceContenders(task),
        ];
      },
    };
  }),
);
