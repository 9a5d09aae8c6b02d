/**
 * On-chip training against float64: ten steps of every target from the same start, and a hundred updates, each compared from the device's
 * own state as those of the optimisers are.
 */
import { compileTraining } from '../../chip/training/compile';
import type { OnChip } from '../../chip/training/types';
import { createGraph } from '../../graph/node';
import type { ProgramSpec } from '../../graph/program';
import { interpret } from '../../graph/reference';
import type { Gpu } from '../../gpu/open';
import { scale, square, subtract } from '../../ops/elementwise';
import { sum } from '../../ops/reduce';
import { data as graphData, parameter } from '../../ops/source';
import { transpose } from '../../ops/view';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import { CHAIN_VARIANTS, type ChainVariant } from './chains';
import { excess, type Comparison } from './compare';
import { followUpdates, trials } from './optimizers';
import { trainingCases, type TrainingCase } from './training-cases';

const STEPS = 10;
/** Relative to the largest loss, parameter or moment of a replica. */
const BOUND = 2e-6;
const TRAJECTORY = 'training on the chip';
const UPDATE = 'updates on the chip';

/** One comparison a case and variant. */
export async function checkTraining(
  gpu: Gpu,
  wanted: (name: string) => boolean,
  variants: readonly ChainVariant[] = CHAIN_VARIANTS,
): Promise<Comparison[]> {
  const all: Comparison[] = [];
  for (const variant of variants) {
    if (wanted(TRAJECTORY))
      for (const one of trainingCases()) all.push(await compareTrajectories(gpu, one, variant));
    if (wanted(UPDATE))
      for (const trial of trials) all.push(await compareUpdates(gpu, trial, variant));
  }
  return all;
}

type Numbers = Float32Array | Float64Array;

async function compareTrajectories(
  gpu: Gpu,
  { name, spec, onChip }: TrainingCase,
  variant: ChainVariant,
): Promise<Comparison> {
  const device = await compileTraining(gpu, spec, onChip, { variant });
  const reference = interpret(spec);
  try {
    const [found, expected] = [await device.advance(STEPS), await reference.advance(STEPS)];
    const [after, right] = [await device.save(), await reference.save()];
    let worst: Comparison = { subject: TRAJECTORY, where: 'nothing', error: 0, bound: 1 };
    const compare = (what: string, a: Numbers, b: Numbers): void => {
      const where = `${name}, ${variant}: ${what}`;
      const largest = Math.max(...Array.from(b, Math.abs));
      const next = { ...worst, where, error: largestGap(a, b), bound: BOUND * largest };
      if (excess(next) > excess(worst)) worst = next;
    };
    compare('rows', found.rows, expected.rows);
    compare('parameters', after.parameters, right.parameters);
    for (const [what, values] of Object.entries(right.state))
      compare(what, after.state[what], values);
    return worst;
  } finally {
    device.dispose();
  }
}

/** Infinite where the lengths differ or one of two is not finite. */
function largestGap(a: Numbers, b: Numbers): number {
  if (a.length !== b.length) return Infinity;
  const gaps = Array.from(a, (value, i) => Math.abs(value - b[i]));
  return gaps.some(Number.isNaN) ? Infinity : Math.max(...gaps);
}

const REPLICAS = 3;
const INPUTS = 13;
const OUTPUTS = 37;
/** Of all samples: so small, with targets so far away, that gradients stay what they are for a hundred steps. */
const WEIGHT = 2 ** -7;

/** One layer, Σ weight (W − T)² on the basis vectors: the gradient has a rounding or two, and the update all the rest. */
async function compareUpdates(
  gpu: Gpu,
  { name, update, masked = false }: (typeof trials)[number],
  variant: ChainVariant,
): Promise<Comparison> {
  const graph = createGraph();
  const size = INPUTS * OUTPUTS;
  const stride = Math.ceil(size / 4) * 4;
  const draw = createRandom(4, 0, streams.data);
  const targets = Float32Array.from({ length: size }, () => {
    const deviate = draw.normal();
    return 100 * (deviate + Math.sign(deviate));
  });
  const inputs = Float32Array.from({ length: INPUTS ** 2 }, (_, i) => (i % (INPUTS + 1) ? 0 : 1));
  const weights = new Float32Array(INPUTS).fill(WEIGHT);
  const start = { kind: 'normal', std: 1 } as const;
  const W = parameter(graph, 'layers.0.weight', [OUTPUTS, INPUTS], start);
  const errors = square(subtract(transpose(W), graphData(graph, 'targets', [INPUTS, OUTPUTS])));
  const loss = scale(sum(errors), WEIGHT);
  const onChip: OnChip = {
    target: {
      ...{ kind: 'network', widths: [INPUTS, OUTPUTS], activation: 'linear', biases: false },
      ...{ inputs, targets, weights },
    },
  };
  const random = createRandom(7, 0, streams.data);
  const mask = masked
    ? Float32Array.from({ length: stride }, () => (random.uniform() < 0.7 ? 1 : 0))
    : null;
  const spec: ProgramSpec = {
    keys: Array.from({ length: REPLICAS }, (_, r) => [r, 0] as const),
    data: { targets },
    training: { loss, metrics: { loss }, update, ...(mask && { mask }) },
  };
  const program = await compileTraining(gpu, spec, onChip, { variant });
  const gradients = (parameters: Float32Array): Float64Array =>
    Float64Array.from(parameters, (w, i) => {
      const [output, input] = [Math.floor(i / INPUTS), i % INPUTS];
      return i < size ? 2 * WEIGHT * (w - targets[input * OUTPUTS + output]) : 0;
    });
  const worst = await followUpdates({ program, update, stride, mask, gradients });
  return { ...worst, subject: UPDATE, where: `${name}, ${variant}: ${worst.where}` };
}
