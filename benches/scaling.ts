/** How the cost of a training step grows with replicas, width, rows and length of the sequence: exponents, and cliffs if any. */
import { createGraph } from '../src/graph/node';
import type { ProgramSpec } from '../src/graph/program';
import { transformer } from '../src/nn/transformer';
import { crossEntropy } from '../src/ops/cross-entropy';
import { mean } from '../src/ops/reduce';
import { data } from '../src/ops/source';
import { adamw } from '../src/optim/adamw';
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import { fitExponent, findCliffs } from './fit';
import type { Point } from './fit';
import { ADAMW, createMlpTask } from './mlp-problem';
import { formatNumber } from './table';
import { createTrainingTask, trainingContender } from './train';
import type { TrainingTask } from './train';
import type { Bench, Contender, Row } from './types';

interface Axis {
  readonly name: 'replicas' | 'width' | 'rows' | 'sequence';
  readonly title: string;
  readonly sizes: readonly number[];
  at(x: number): TrainingTask;
}

const doublings = (from: number, to: number): number[] => {
  const count = Math.log2(to / from) + 1;
  return Array.from({ length: count }, (_, k) => from * 2 ** k);
};

const axes: readonly Axis[] = [
  {
    name: 'replicas',
    title: 'replicas of a network of 1,248 parameters on 64 rows',
    sizes: doublings(1, 1024),
    at: (x) => createMlpTask({ modulus: 23, width: 16, hidden: 16, rows: 64, replicas: x }),
  },
  {
    name: 'width',
    title: 'width and hidden units of the small grokking network, 512 rows',
    sizes: doublings(16, 1024),
    at: (x) => createMlpTask({ modulus: 53, width: x, hidden: x, rows: 512 }),
  },
  {
    name: 'rows',
    title: 'rows of a batch of the small grokking network',
    sizes: doublings(32, 16_384),
    at: (x) => createMlpTask({ modulus: 53, width: 128, hidden: 48, rows: x }),
  },
  {
    name: 'sequence',
    title: 'length of the sequences of a one-layer transformer of width 64, 8 of them',
    sizes: doublings(4, 256),
    at: createSequenceTask,
  },
];

/** With --quick the first few, but all numbers of replicas: those networks are small. */
const QUICK_SIZES = 5;

export const benches: readonly Bench[] = axes.map(({ name, title, sizes, at }) => ({
  name: `scaling/${name}`,
  title: `training steps against ${title}`,
  unit: 'steps',
  sweep: true,
  weight: name === 'replicas' ? 'light' : 'usual',
  contenders: async ({ gpu, quick }) =>
    sizes.slice(0, quick && name !== 'replicas' ? QUICK_SIZES : undefined).map((x): Contender => ({
      ...trainingContender(gpu, rowName(name, x), at(x)),
      place: { axis: name, size: x, who: 'GPU' },
    })),
  conclude: (rows) => concludeScaling(rows, name, sizes),
}));

function rowName(axis: string, x: number): string {
  return `${axis} ${x.toLocaleString('en')}`;
}

/** The fitted exponents, and each doubling of the work that costs more than 2.5 times as much. */
export function concludeScaling(
  rows: readonly Row[],
  axis: string,
  sizes: readonly number[],
): string[] {
  const points = sizes.flatMap((x): Point[] => {
    const row = rows.find(({ contender }) => contender === rowName(axis, x));
    const seconds = row?.seconds?.median;
    return row && seconds ? [{ x, seconds, work: row.flops || x }] : [];
  });
  const byAxis = fitExponent(points, 'x');
  const byWork = fitExponent(points, 'work');
  if (byAxis === undefined) return [];
  const growth = `cost of a step grows as ${axis}^${byAxis.toFixed(2)} in the larger half`;
  const cliffs = findCliffs(points).map(
    ({ from, to, cost, allowed }) =>
      `CLIFF: from ${axis} ${from} to ${to} cost grows ${formatNumber(cost)}×, more than the ${formatNumber(allowed)}× of 2.5 a doubling of the work`,
  );
  return [
    byWork === undefined ? growth : `${growth}, as its arithmetic^${byWork.toFixed(2)}`,
    ...(cliffs.length > 0 ? cliffs : ['no doubling of the work costs more than 2.5×']),
  ];
}

/** All positions are computed, attention over all pairs of them; the answer is read at the last. */
function createSequenceTask(length: number): TrainingTask {
  const [tokens, rows] = [64, 8];
  const random = createRandom(0, 0, streams.data);
  const draw = (size: number): Uint32Array =>
    Uint32Array.from({ length: size }, () => random.below(tokens));
  const [inputs, labels] = [draw(rows * length), draw(rows)];
  return createTrainingTask(1, (): ProgramSpec => {
    const graph = createGraph();
    const network = transformer(graph, {
      ...{ tokens, positions: length, classes: tokens, width: 64, heads: 4, hidden: 256 },
      forward: 'full',
    });
    const read = data(graph, 'tokens', [rows, length], { dtype: 'u32' });
    const targets = data(graph, 'labels', [rows], { dtype: 'u32' });
    const loss = mean(crossEntropy(network.forward(read).logits, targets));
    return {
      keys: [[0, 0]],
      data: { tokens: inputs, labels },
      training: { loss, metrics: { loss }, update: adamw(ADAMW) },
    };
  });
}
