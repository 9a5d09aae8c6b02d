/**
 * Draws of SGLD chains: many at once against one after the other, on the chip against the general path, and the float64 reference.
 * A run is a draw of each of 256 chains, so rates compare whatever the number of chains in a program. Before anything is
 * timed, the first losses of each contender must be those of the reference.
 */
import { initialParameters, layOutParameters } from '../src/graph/layout';
import { createGraph } from '../src/graph/node';
import { findPreset } from '../src/lab/experiments';
import { llc } from '../src/lab/experiments/llc';
import { buildTarget } from '../src/lab/experiments/llc-target';
import { modularAddition } from '../src/lab/experiments/modular-addition';
import { trainedTarget } from '../src/lab/experiments/trained-target';
import { SAMPLER_METRICS } from '../src/optim/sampler/options';
import { openSampling, type PathChoice, type Sampling } from '../src/slt/sampling/open';
import { setUpSampling, type SamplingOptions, type SamplingSetup } from '../src/slt/sampling/setup';
import type { Target } from '../src/slt/targets/types';
import type { Gpu } from '../src/gpu/open';
import type { Bench, Contender, Row, Running } from './types';
import { formatNumber } from './table';

const CHAINS = 256;
const CHECKED_STEPS = 5;
const CHECKED_CHAINS = 3;
/** Of the largest excess, and in units of 1/nβ, where float32 has its rounding. */
const TOLERANCE = 2e-3;
const FLOOR = 0.02;

export interface SgldProblem {
  readonly target: Target;
  readonly heads: number | null;
  readonly lr: number;
  readonly localization: number;
  readonly nbeta: number;
  readonly batchSize: number | null;
}

export const benches: readonly Bench[] = [
  {
    name: 'llc/k-gon',
    title: 'SGLD on the hexagon of the toy model of superposition, 18 parameters',
    unit: `× ${CHAINS} draws`,
    contenders: ({ gpu }) => Promise.resolve(enter(gpu, kGon(), ['on-chip', 'general'])),
    conclude: comparePaths,
  },
  {
    name: 'llc/modular-addition',
    title: 'SGLD on the network of llc.modular-addition, 4,428 parameters, batches of 64',
    unit: `× ${CHAINS} draws`,
    contenders: ({ gpu }) => Promise.resolve(enter(gpu, modular(), ['general'])),
    conclude: comparePaths,
  },
];

const named = (path: string, chains: number): string =>
  `${path}, ${chains === 1 ? 'one chain at a time' : `${chains} chains`}`;
const REFERENCE = 'float64 reference';

function enter(gpu: Gpu, problem: SgldProblem, paths: readonly PathChoice[]): Contender[] {
  const onDevice = paths.flatMap((path) =>
    [CHAINS, 1].map((chains) => ({
      name: named(path, chains),
      prepare: () => prepare(gpu, problem, path, chains),
    })),
  );
  return [
    ...onDevice,
    { name: REFERENCE, prepare: () => prepare(null, problem, paths[0], CHECKED_CHAINS) },
  ];
}

export function setUp(
  { target, heads, lr, localization, nbeta, batchSize }: SgldProblem,
  chains: number,
): SamplingSetup {
  const options: SamplingOptions = {
    method: 'sgld',
    seed: 0,
    chains,
    burnin: 0,
    draws: 1e6 / chains,
    thin: 1,
    batchSize,
    noiseLevel: 1,
    weightDecay: 0,
    box: null,
    mask: null,
    subspace: null,
    jitter: 0,
    commonBatches: true,
    pairedBaseline: true,
    controlVariate: false,
    decay: 0.99,
    stability: 0.1,
    friction: null,
    noiseEstimate: 0,
    leapfrog: 10,
    heads,
  };
  return setUpSampling(target, options, [{ point: 0, lr, localization, nbeta }]);
}

async function prepare(
  gpu: Gpu | null,
  problem: SgldProblem,
  prefer: PathChoice,
  chains: number,
): Promise<Running> {
  const { program } = await openSampling(gpu, setUp(problem, chains), { prefer, observe: false });
  return {
    async check() {
      const { program: reference } = await openSampling(null, setUp(problem, CHECKED_CHAINS), {
        prefer,
        observe: false,
      });
      const compared = Math.min(chains, CHECKED_CHAINS);
      const right = await firstLosses(reference, CHECKED_CHAINS, compared);
      const found = await firstLosses(program, chains, compared);
      const scale = Math.max(...right.map(Math.abs));
      found.forEach((loss, k) => {
        if (Math.abs(loss - right[k]) <= TOLERANCE * scale + FLOOR / problem.nbeta) return;
        throw new Error(`the excess loss is ${loss}, in float64 it is ${right[k]}`);
      });
    },
    async run(n) {
      // A run is CHAINS draws.
      for (let left = Math.ceil((n * CHAINS) / chains); left > 0;) {
        const count = Math.min(left, program.limit);
        await program.advance(count);
        left -= count;
      }
    },
    dispose: () => program.dispose(),
  };
}

async function firstLosses(
  program: Sampling['program'],
  chains: number,
  compared: number,
): Promise<number[]> {
  const { rows } = await program.advance(CHECKED_STEPS);
  const width = SAMPLER_METRICS.length * chains;
  return Array.from({ length: CHECKED_STEPS * compared }, (_, k) => {
    const [step, chain] = [Math.floor(k / compared), k % compared];
    return rows[step * width + chain];
  });
}

export function kGon(): SgldProblem {
  const config = llc.parse({
    experiment: 'llc',
    target: { kind: 'superposition', features: 6, state: '6' },
  });
  const { target, heads } = buildTarget(config, {});
  const at = { lr: 1e-7, localization: 50, nbeta: 1e6, batchSize: null };
  return { target, heads, ...at };
}

export function modular(): SgldProblem {
  const config = modularAddition.parse(findPreset('llc.modular-addition').config);
  const graph = createGraph();
  trainedTarget(config, [], 'train').target.trace(graph);
  const layout = layOutParameters(graph);
  const start = initialParameters(layout, [[0, 0]]);
  const values = Object.fromEntries(
    layout.places.map(({ name, offset, size }) => [
      name,
      Float64Array.from(start.subarray(offset, offset + size)),
    ]),
  );
  const point = { label: 'untrained', step: 0, values, baseline: null };
  const { target, heads } = trainedTarget(config, [point], 'train');
  const at = { lr: 1e-5, localization: 5, nbeta: 290, batchSize: 64 };
  return { target, heads, ...at };
}

/** What batching gains, what the chip gains, and both over the reference. */
function comparePaths(rows: readonly Row[]): string[] {
  const seconds = (name: string): number | undefined =>
    rows.find(({ contender }) => contender === name)?.seconds?.median;
  const gain = (fast: string, slow: string): string[] => {
    const [a, b] = [seconds(fast), seconds(slow)];
    return a && b ? [`${fast}: ${formatNumber(b / a)}× the draws of ${slow}`] : [];
  };
  const draws = (name: string): string[] => {
    const taken = seconds(name);
    return taken ? [`${name}: ${formatNumber(CHAINS / taken)} draws/s`] : [];
  };
  const chip = named('on-chip', CHAINS);
  const general = named('general', CHAINS);
  return [
    ...draws(chip),
    ...draws(general),
    ...gain(general, named('general', 1)),
    ...gain(chip, named('on-chip', 1)),
    ...gain(chip, general),
    ...gain(chip, REFERENCE),
    ...gain(general, REFERENCE),
  ];
}
