/**
 * Where the GPU overtakes a good plain loop on one core: the same step of the small grokking network on both, as it grows in
 * width, in rows, and in replicas trained side by side. Small steps are launches and belong to the CPU, unless many are
 * taken at once.
 */
import { findCrossing } from './fit';
import { PLAIN, REFERENCE } from './kernel';
import { createMlpTask, plainStepContender } from './mlp-problem';
import type { MlpSize } from './mlp-problem';
import { formatNumber } from './table';
import { interpretedContender, trainingContender } from './train';
import type { Bench, Contender, Row } from './types';

interface Axis {
  readonly name: 'width' | 'rows' | 'replicas';
  readonly title: string;
  readonly sizes: readonly number[];
  at(x: number): MlpSize;
}

/** Quick grokking, but for the axis. */
const BASE = { modulus: 53, width: 128, hidden: 48, rows: 715 } as const;
const SMALL = { modulus: 23, width: 16, hidden: 16, rows: 64 } as const;

const axes: readonly Axis[] = [
  {
    name: 'width',
    title: 'hidden units, width twice as much, 715 rows',
    sizes: [4, 16, 64, 256, 1024],
    at: (x) => ({ ...BASE, hidden: x, width: 2 * x }),
  },
  {
    name: 'rows',
    title: 'rows of a batch, 48 hidden units',
    sizes: [16, 128, 1024, 8192, 65_536],
    at: (x) => ({ ...BASE, rows: x }),
  },
  {
    name: 'replicas',
    title: 'replicas of a network of 1,248 parameters on 64 rows',
    sizes: [1, 4, 16, 64, 256, 1024],
    at: (x) => ({ ...SMALL, replicas: x }),
  },
];

/** In float64 a step of more takes seconds. */
const REFERENCE_FLOPS = 2e8;

/** With --quick the first few, but all numbers of replicas: those networks are small. */
const QUICK_SIZES = 3;

export const benches: readonly Bench[] = axes.map(({ name, title, sizes, at }) => ({
  name: `crossover/${name}`,
  title: `one training step on the GPU and in a plain loop, against ${title}`,
  unit: 'steps',
  sweep: true,
  weight: name === 'replicas' ? 'light' : 'usual',
  contenders: async ({ gpu, quick }) =>
    sizes
      .slice(0, quick && name !== 'replicas' ? QUICK_SIZES : undefined)
      .flatMap((x): Contender[] => {
        const size = at(x);
        const task = createMlpTask(size);
        const enter = (who: string, contender: Contender): Contender => ({
          ...contender,
          name: rowName(who, x, name),
          place: { axis: name, size: x, who },
        });
        return [
          enter('GPU', trainingContender(gpu, 'GPU', task)),
          enter(PLAIN, plainStepContender(task)),
          ...(flopsOf(size) > REFERENCE_FLOPS
            ? []
            : [enter(REFERENCE, interpretedContender(task))]),
        ];
      }),
  conclude: (rows) => concludeCrossing(rows, name, sizes),
}));

/** Of one replica's step: two products by W_in, one by W_out, one by U, three times for the gradients. */
function flopsOf({ modulus, width, hidden, rows }: MlpSize): number {
  return 6 * rows * width * (3 * hidden + modulus);
}

function rowName(who: string, x: number, axis: string): string {
  return `${axis} ${x.toLocaleString('en')}: ${who}`;
}

/** Which is faster at each size, and where that changes. */
export function concludeCrossing(
  rows: readonly Row[],
  axis: string,
  sizes: readonly number[],
): string[] {
  const seconds = (who: string, x: number): number | undefined =>
    rows.find(({ contender }) => contender === rowName(who, x, axis))?.seconds?.median;
  const races = sizes.flatMap((x) => {
    const [late, early] = [seconds('GPU', x), seconds(PLAIN, x)];
    return late && early ? [{ x, late, early }] : [];
  });
  const crossing = findCrossing(races);
  if (!crossing) return [];
  const ratios = races
    .map(({ x, late, early }) => `${formatNumber(early / late)}× at ${x.toLocaleString('en')}`)
    .join(', ');
  const x = Math.round(crossing.x).toLocaleString('en');
  const verdict = {
    at: `the GPU overtakes the plain loop at ${axis} ${x}`,
    before: `the GPU is ahead of the plain loop from ${axis} ${x} on, the smallest tried`,
    never: `the GPU does not overtake the plain loop up to ${axis} ${x}, the largest tried`,
  }[crossing.kind];
  return [`speed of the GPU over the plain loop: ${ratios}`, verdict];
}
