/**
 * Steps per second of the grokking transformer at batch 512, against other libraries doing the same step. Before
 * anything is timed, each contender's first three losses must be those of the float64 reference.
 *
 * Rows say how much of the network they compute: `all positions` is what PyTorch code of the paper does, `last
 * position` leaves out what the loss does not depend on, and Cusp's own forward also computes what depends on a token
 * alone once per token. All of them are the same function with the same gradient.
 */
import type { Bench, BenchContext, Contender, Row, Running } from './types';
import { createCuspTrainer, referenceLosses } from './peers/cusp';
import { createProblem, stepFlops } from './peers/problem';
import type { Forward, Problem, Trainer } from './peers/problem';
import { formatNumber } from './table';

const CHECKED = 3;
const TOLERANCE = 1e-3;
const forwards: readonly Forward[] = ['all positions', 'last position'];

export const benches: readonly Bench[] = [
  {
    name: 'step',
    title: 'one-layer transformer, p = 113, width 128, batch 512, AdamW, float32',
    unit: 'steps',
    contenders: createContenders,
    conclude: compareWithPeers,
  },
];

const OURS = 'cusp';
const CPU = 'jax-js on the CPU (Wasm)';

async function createContenders({ gpu, peers }: BenchContext): Promise<Contender[]> {
  const problem = createProblem();
  let expected: Promise<number[]> | null = null;
  const losses = (): Promise<number[]> => (expected ??= referenceLosses(problem, CHECKED));
  const enter = (name: string, create: () => Promise<Trainer>, flops?: number): Contender => ({
    name,
    prepare: async () => toRunning(await create(), losses, flops),
  });
  const ours = [
    enter(OURS, () => createCuspTrainer(gpu, problem, 'cheap')),
    enter(`${OURS}, all positions`, () => createCuspTrainer(gpu, problem, 'full')),
  ];
  return peers ? [...ours, ...(await enterPeers(problem, enter))] : ours;
}

/** Loaded on request only: a page without `--peers` never fetches them. */
async function enterPeers(
  problem: Problem,
  enter: (name: string, create: () => Promise<Trainer>, flops: number) => Contender,
): Promise<Contender[]> {
  const { createJaxTrainer } = await import('./peers/jax');
  const { createTfjsTrainer } = await import('./peers/tfjs');
  return [
    ...forwards.map((forward) =>
      enter(`jax-js, ${forward}`, () => createJaxTrainer(problem, forward), stepFlops(forward)),
    ),
    enter(
      `${CPU}, last position`,
      () => createJaxTrainer(problem, 'last position', 'wasm'),
      stepFlops('last position'),
    ),
    ...forwards.map((forward) =>
      enter(`tfjs, ${forward}`, () => createTfjsTrainer(problem, forward), stepFlops(forward)),
    ),
  ];
}

function toRunning(
  trainer: Trainer & { readonly flops?: number },
  expected: () => Promise<number[]>,
  flops = trainer.flops,
): Running {
  return {
    flops,
    async check() {
      const losses = await expected();
      for (let step = 0; step < CHECKED; step++) {
        const loss = await trainer.train(1);
        const right = losses[step]!;
        if (!(Math.abs(loss - right) <= TOLERANCE * right)) {
          throw new Error(`the loss at step ${step} is ${loss}, in float64 it is ${right}`);
        }
      }
    },
    run: async (n) => void (await trainer.train(n)),
    dispose: () => trainer.dispose(),
  };
}

/** Our rate over that of the better library, for each amount of work they do, and over the CPU. */
export function compareWithPeers(rows: readonly Row[]): string[] {
  const timed = rows.filter(({ seconds }) => seconds !== undefined);
  const secondsOf = (row: Row): number => row.seconds!.median;
  const fastest = (some: readonly Row[]): Row | undefined =>
    [...some].sort((a, b) => secondsOf(a) - secondsOf(b))[0];
  const mine = timed.find(({ contender }) => contender === OURS);
  const peers = timed.filter(({ contender }) => !contender.startsWith(OURS));
  if (!mine || peers.length === 0) return [];
  const sentence = (row: Row, rival: Row): string =>
    `${row.contender}: ${formatNumber(secondsOf(rival) / secondsOf(row))}× the rate of ${rival.contender}`;
  const onGpu = peers.filter(({ contender }) => !contender.startsWith(CPU));
  const pairs = [
    fastest(onGpu.filter(({ contender }) => contender.endsWith(forwards[0]!))),
    fastest(onGpu.filter(({ contender }) => contender.endsWith(forwards[1]!))),
    ...peers.filter(({ contender }) => contender.startsWith(CPU)),
  ];
  return pairs.flatMap((rival) => (rival ? [sentence(mine, rival)] : []));
}
