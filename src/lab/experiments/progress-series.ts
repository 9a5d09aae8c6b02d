/** One network's tensors out of a file that may hold several: a step each, and replicas side by side. */
import { BadCheckpoint, BadConfig } from '../../gpu/errors';
import { formatShape } from '../../graph/shape';
import type { Tensor } from '../safetensors';
import { asWeight, type Weight, type Weights } from '../weights';

/** u32 or i32 [N], a·p + b of the trained pairs: what TransformerLens' grokking demo saves beside its weights. */
export const TRAIN_INDICES = 'train_indices';

/** A file of more would not be one of networks this small. */
const MOST_STEPS = 100_000;

export interface Moment {
  readonly step: number;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Each step's tensors of one replica. The metadata says what the leading axes are: `steps`, a list, of a series; `replicas` where
 * there are several. Throws BadConfig for a replica that is not there, BadCheckpoint for axes that do not fit.
 */
export function splitSeries(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string>,
  replica: number,
): readonly Moment[] {
  const series = metadata.get('steps');
  const steps = series === undefined ? [readStep(metadata.get('step'))] : readSteps(series);
  const replicas = readReplicas(metadata.get('replicas'));
  if (replica >= replicas) {
    throw new BadConfig('replica', {
      asked: `got ${replica}`,
      limit: `the checkpoint has ${replicas}, counted from 0`,
      remedy: `Choose one from 0 to ${replicas - 1}`,
    });
  }
  const own = [...tensors].filter(
    ([name]) => !name.startsWith('optimizer.') && name !== TRAIN_INDICES,
  );
  return steps.map((step, k) => ({
    step,
    tensors: new Map(
      own.map(([name, tensor]) => {
        const atStep = series === undefined ? tensor : pick(name, tensor, k, steps.length);
        return [name, replicas === 1 ? atStep : pick(name, atStep, replica, replicas)];
      }),
    ),
  }));
}

/** Weights by our names as they stand. Throws BadCheckpoint for what is no weight. */
export function readOwnNames(tensors: ReadonlyMap<string, Tensor>): Weights {
  return new Map<string, Weight>([...tensors].map(([name, one]) => [name, asWeight(name, one)]));
}

/** Entry k of the first axis. */
function pick(name: string, tensor: Tensor, k: number, count: number): Tensor {
  const [first, ...shape] = tensor.shape;
  if (first !== count) {
    throw new BadCheckpoint({
      asked: `tensor '${name}' ${formatShape(tensor.shape)}`,
      limit: `the metadata promise ${count} along its first axis`,
      remedy: 'Use the file as it was written',
    });
  }
  const size = tensor.data.length / count;
  return { ...tensor, shape, data: tensor.data.subarray(k * size, (k + 1) * size) };
}

function readStep(text: string | undefined): number {
  const step = Number(text ?? '0');
  return Number.isSafeInteger(step) && step >= 0 ? step : refuse(`step ${text}`);
}

function readSteps(text: string): readonly number[] {
  let steps: unknown;
  try {
    steps = JSON.parse(text);
  } catch {
    return refuse('steps');
  }
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > MOST_STEPS)
    return refuse('steps');
  const rising = steps.every(
    (step: unknown, k) =>
      Number.isSafeInteger(step) &&
      (step as number) >= 0 &&
      (k === 0 || (step as number) > (steps[k - 1] as number)),
  );
  return rising ? (steps as number[]) : refuse('steps');
}

function readReplicas(text: string | undefined): number {
  const replicas = Number(text ?? '1');
  return Number.isSafeInteger(replicas) && replicas >= 1 ? replicas : refuse(`replicas ${text}`);
}

function refuse(what: string): never {
  throw new BadCheckpoint({
    asked: `metadata ${what}`,
    limit: 'not what cusp writes: whole numbers, steps rising',
    remedy: 'Use the file as it was written',
  });
}
