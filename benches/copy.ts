/** Copies between layouts: dense, transposed, every other element. */
import type { Node } from '../src/graph/types';
import { exact } from '../src/lab/check/bounds';
import { slice, transpose } from '../src/ops/view';
import { kernelContender, plainContender, referenceContenders } from './kernel';
import { createTask } from './task';
import type { Bench } from './types';

const SIDE = 1024;

interface Layout {
  readonly title: string;
  readonly light?: boolean;
  /** The source as it is seen; what is seen is then brought into rows. */
  view(x: Node): Node;
  /** Place in the source of element (i, j) of the result, [rows, columns] of it. */
  readonly shape: readonly [number, number];
  at(i: number, j: number): number;
}

const layouts: Readonly<Record<string, Layout>> = {
  dense: {
    ...{ title: 'as they lie', light: true, shape: [SIDE, SIDE] },
    view: (x) => x,
    at: (i, j) => i * SIDE + j,
  },
  transposed: {
    ...{ title: 'transposed', shape: [SIDE, SIDE] },
    view: (x) => transpose(x),
    at: (i, j) => j * SIDE + i,
  },
  strided: {
    ...{ title: 'every other one of each row', shape: [SIDE, SIDE / 2] },
    view: (x) => slice(x, [0, 0], [SIDE, SIDE], [1, 2]),
    at: (i, j) => i * SIDE + 2 * j,
  },
};

export const benches: readonly Bench[] = Object.entries(layouts).map(
  ([name, { title, light, view, shape, at }]) => ({
    name: `copy/${name}`,
    title: `${SIDE} × ${SIDE} numbers, ${title}`,
    unit: 'copies',
    weight: light ? 'light' : 'usual',
    contenders: async ({ gpu }) => {
      const [rows, columns] = shape;
      const task = createTask({
        case: {
          op: 'copy',
          name,
          build: (_, draw) => ({ output: view(draw.leaf('x', [SIDE, SIDE])), bound: exact }),
        },
        inPlace: true,
        bytes: 8 * rows * columns,
      });
      return [
        kernelContender(gpu, 'kernel', task),
        plainContender(task, (values) => {
          const x = values['x'] as Float32Array;
          const output = new Float32Array(rows * columns);
          const run = (): void => {
            if (name === 'dense') output.set(x);
            else
              for (let i = 0, to = 0; i < rows; i++)
                for (let j = 0; j < columns; j++) output[to++] = x[at(i, j)];
          };
          return { outputs: { output }, run };
        }),
        ...referenceContenders(task),
      ];
    },
  }),
);
