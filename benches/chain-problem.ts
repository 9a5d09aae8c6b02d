/** SGLD chains to be timed: the targets, and contenders that sample them on one of the two paths or in float64. */
import { initialParameters, layOutParameters } from '../src/graph/layout';
import { createGraph } from '../src/graph/node';
import type { Gpu } from '../src/gpu/open';
import { findPreset } from '../src/lab/experiments';
import { llc } from '../src/lab/experiments/llc';
import { buildTarget } from '../src/lab/experiments/llc-target';
import { modularAddition } from '../src/lab/experiments/modular-addition';
import { trainedTarget } from '../src/lab/experiments/trained-target';
import { SAMPLER_METRICS } from '../src/optim/sampler/options';
import { openSampling, type PathChoice, type Sampling } from '../src/slt/sampling/open';
import { setUpSampling, type SamplingOptions, type SamplingSetup } from '../src/slt/sampling/setup';
import type { Target } from '../src/slt/targets/types';
import { advance, paceFor } from './advance';
import { REFERENCE } from './kernel';
import type { Contender, Running } from './types';

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

export const K_GON = 'SGLD on the hexagon of the toy model of superposition, 18 parameters';
export const MODULAR =
  'SGLD on the network of llc.modular-addition, 4,428 parameters, batches of 64';

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

/** A run is a draw of each chain; the rate counts draws. */
export function chainContender(
  gpu: Gpu,
  name: string,
  problem: SgldProblem,
  path: PathChoice,
  chains: number,
): Contender {
  return { name, prepare: () => prepare(gpu, problem, path, chains) };
}

export function referenceChains(problem: SgldProblem, path: PathChoice): Contender {
  return {
    name: REFERENCE,
    on: 'cpu',
    prepare: () => prepare(null, problem, path, CHECKED_CHAINS),
  };
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
    draws: Math.floor(1e6 / chains),
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
  const pace = paceFor(gpu, program);
  return {
    items: chains,
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
    run: async (n) => void (await advance(program, n, pace)),
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
