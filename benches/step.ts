/**
 * Steps per second of the grokking networks, the transformer's against other libraries doing the same step. Before
 * anything is timed, each contender's first three losses must be those of the float64 reference.
 *
 * Rows say how much of the network they compute: `all positions` is what PyTorch code of the paper does, `last
 * position` leaves out what the loss does not depend on, and Cusp's own forward also computes what depends on a token
 * alone once per token. All of them are the same function with the same gradient. `tuned` is compiled after its products were measured.
 */
import type { Bench, BenchContext, Contender, Row, Running } from './types';
import { createCuspTrainer, referenceLosses } from './peers/cusp';
import { createProblem, shape, stepFlops } from './peers/problem';
import type { Forward, Problem, Trainer } from './peers/problem';
import { createMlpTask, plainStepContender } from './mlp-problem';
import { formatNumber } from './table';
import { interpretedContender, trainingContender } from './train';

const CHECKED = 3;
const TOLERANCE = 1e-3;
const forwards: readonly Forward[] = ['all positions', 'last position'];

/** Rows of the paper's training set, 30 % of 113². */
const PAPER_ROWS = 3830;

export const benches: readonly Bench[] = [
  {
    name: 'step',
    title: 'one-layer transformer, p = 113, width 128, batch 512, AdamW, float32',
    unit: 'steps',
    contenders: (context) => createContenders(context, shape.batch),
    conclude: compareWithPeers,
  },
  {
    name: 'step/paper',
    title: `one-layer transformer, p = 113, width 128, all ${PAPER_ROWS.toLocaleString('en')} rows of the paper's training set, AdamW, float32`,
    unit: 'steps',
    weight: 'heavy',
    contenders: (context) => createContenders(context, PAPER_ROWS),
    conclude: compareWithPeers,
  },
  {
    name: 'step/quick',
    title: 'the network of modular-addition.quick: MLP, p = 53, 48 hidden units, 715 rows',
    unit: 'steps',
    weight: 'light',
    contenders: async ({ gpu }) => {
      const quick = createMlpTask({ modulus: 53, width: 128, hidden: 48, rows: 715 });
      return [
        trainingContender(gpu, OURS, quick),
        plainStepContender(quick),
        interpretedContender(quick),
      ];
    },
  },
];

const OURS = 'cusp';
const CPU = 'jax-js on the CPU (Wasm)';

async function createContenders({ gpu, peers }: BenchContext, rows: number): Promise<Contender[]> {
  const problem = createProblem(0, rows);
  let expected: Promise<number[]> | null = null;
  const losses = (): Promise<number[]> => (expected ??= referenceLosses(problem, CHECKED));
  const enter = (name: string, create: () => Promise<Trainer>, flops?: number): Contender => ({
    name,
    on: name.startsWith(CPU) ? 'cpu' : 'adapter',
    prepare: async () => toRunning(await create(), losses, flops),
  });
  const ours = [
    enter(OURS, () => createCuspTrainer(gpu, problem, 'cheap')),
    enter(`${OURS}, tuned`, () => createCuspTrainer(gpu, problem, 'cheap', true)),
    enter(`${OURS}, all positions`, () => createCuspTrainer(gpu, problem, 'full')),
  ];
  // A built page has no other libraries: without this they would be in its files.
  return peers && !import.meta.env.PROD ? [...ours, ...(await enterPeers(problem, enter))] : ours;
}

/** Loaded on request only: a page without `--peers` never fetches them. */
async function enterPeers(
  problem: Problem,
  enter: (name: string, create: () => Promise<Trainer>, flops: number) => Contender,
): Promise<Contender[]> {
  const { createJaxTrainer } = await import('./peers/jax');
  const { createTfjsTrainer } = await import('./peers/tfjs');
  const rows = problem.targets.length;
  return [
    ...forwards.map((forward) =>
      enter(
        `jax-js, ${forward}`,
        () => createJaxTrainer(problem, forward),
        stepFlops(forward, rows),
      ),
    ),
    enter(
      `${CPU}, last position`,
      () => createJaxTrainer(problem, 'last position', 'wasm'),
      stepFlops('last position', rows),
    ),
    ...forwards.map((forward) =>
      enter(
        `tfjs, ${forward}`,
        () => createTfjsTrainer(problem, forward),
        stepFlops(forward, rows),
      ),
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
