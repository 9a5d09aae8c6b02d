/**
 * A trained network as a target: the checkpoints of a run of modular addition, with its own data. Each kept checkpoint is a point
 * w*, so that λ̂ through training is one batched sampling run.
 */
import { BadCheckpoint, BadConfig } from '../../gpu/errors';
import type { TargetPoint } from '../../slt/targets/types';
import { CHECKPOINTS } from '../collection';
import { readCollection } from '../collection-read';
import { SOURCE, type Files } from '../files';
import { readSafetensors } from '../safetensors-read';
import { parse } from '../schema';
import { modularSchema, type ModularConfig } from './modular-schema';
import { trainedTarget, type TrainedTarget } from './trained-target';
import type { TargetOf } from './llc-schema';

/** The experiment whose runs can be sampled. */
const TRAINED = 'modular-addition';

/** Throws BadConfig or BadCheckpoint naming what is missing or does not fit. */
export function runTarget(config: TargetOf<'run'>, files: Files): TrainedTarget {
  const trained = readTrainedConfig(files);
  const points = selectSteps(readPoints(files), config.steps);
  return trainedTarget(trained, points, config.data);
}

function readTrainedConfig(files: Files): ModularConfig {
  const bytes = files[`${SOURCE}run.json`];
  if (!bytes) {
    throw new BadConfig('target.path', {
      asked: 'no run was given',
      limit: 'a target of kind "run" samples the checkpoints of a run directory',
      remedy: 'Give the directory that `lab run … --out` wrote',
    });
  }
  let config: unknown;
  try {
    config = (JSON.parse(new TextDecoder().decode(bytes)) as { config?: unknown }).config;
  } catch {
    throw new BadCheckpoint({
      asked: 'run.json',
      limit: 'it is not JSON',
      remedy: 'Give the directory of a run',
    });
  }
  const kind = (config as { experiment?: unknown } | undefined)?.experiment;
  if (kind !== TRAINED) {
    throw new BadConfig('target.path', {
      asked: `a run of ${typeof kind === 'string' ? kind : 'no known experiment'}`,
      limit: `only runs of ${TRAINED} can be sampled`,
      remedy: 'Give the directory of such a run',
    });
  }
  return parse(modularSchema, config);
}

/** The series of checkpoints, or the one that every run leaves. */
function readPoints(files: Files): TargetPoint[] {
  const series = files[`${SOURCE}${CHECKPOINTS}`];
  if (series) {
    const { steps, tensors, replicas } = readCollection(series);
    return steps.map((step, k) =>
      pointOf(
        step,
        (name) => {
          const { data: all } = tensors.get(name)!;
          const size = all.length / (steps.length * replicas);
          return all.subarray(k * replicas * size, (k * replicas + 1) * size);
        },
        [...tensors.keys()],
      ),
    );
  }
  const last = files[`${SOURCE}checkpoint.safetensors`];
  if (!last) {
    throw new BadConfig('target.path', {
      asked: 'a run without a checkpoint',
      limit: 'there are no weights to sample around',
      remedy: 'Run the training again',
    });
  }
  const { tensors, metadata } = readSafetensors(last);
  const names = [...tensors.keys()].filter((name) => !name.startsWith('optimizer.'));
  const replicas = Number(metadata.get('replicas') ?? '1');
  return [
    pointOf(
      Number(metadata.get('step') ?? '0'),
      (name) => {
        const { data: all } = tensors.get(name)!;
        return Float32Array.from(all.subarray(0, all.length / replicas));
      },
      names,
    ),
  ];
}

function pointOf(
  step: number,
  read: (name: string) => ArrayLike<number>,
  names: readonly string[],
): TargetPoint {
  const values = Object.fromEntries(names.map((name) => [name, Float64Array.from(read(name))]));
  return { label: `step ${step}`, step, values, baseline: null };
}

function selectSteps(points: TargetPoint[], steps: 'all' | readonly number[]): TargetPoint[] {
  if (steps === 'all') return points;
  return steps.map((step) => {
    const found = points.find((point) => point.step === step);
    if (found) return found;
    const known = points.map((point) => point.step);
    const shown = known.length > 8 ? [...known.slice(0, 4), '…', ...known.slice(-2)] : known;
    throw new BadConfig('target.steps', {
      asked: `no checkpoint of step ${step}`,
      limit: `there are those of ${shown.join(', ')}`,
      remedy: 'Choose some of them, or "all"',
    });
  });
}
