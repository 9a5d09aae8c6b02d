/** Checkpoints kept of a run as one file: a tensor per parameter, steps first. */
import { BadCheckpoint } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { CHECKPOINTS } from './collection';
import type { Checkpoint } from './experiments/types';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors';

/** Each tensor [T, shape] or [T, R, shape]. */
export function packCheckpoints(
  kept: readonly Checkpoint[],
  layout: ParameterLayout,
  replicas: number,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, offset, size } of layout.places) {
    const data = new Float32Array(kept.length * replicas * size);
    kept.forEach(({ parameters }, k) => {
      for (let r = 0; r < replicas; r++) {
        const from = r * layout.stride + offset;
        data.set(parameters.subarray(from, from + size), (k * replicas + r) * size);
      }
    });
    const axes = replicas > 1 ? [kept.length, replicas] : [kept.length];
    tensors.set(name, { dtype: 'F32', shape: [...axes, ...shape], data });
  }
  return tensors;
}

/** Parameters [R, P] of each of the steps. Tensors that are missing or of another size stay zero. */
export function unpackCheckpoints(
  tensors: ReadonlyMap<string, { readonly data: ArrayLike<number> }>,
  steps: readonly number[],
  layout: ParameterLayout,
  replicas: number,
): Checkpoint[] {
  return steps.map((step, k) => {
    const parameters = new Float32Array(replicas * layout.stride);
    for (const { name, offset, size } of layout.places) {
      const own = tensors.get(name)?.data;
      if (own?.length !== steps.length * replicas * size) continue;
      for (let r = 0; r < replicas; r++) {
        const from = (k * replicas + r) * size;
        for (let i = 0; i < size; i++) parameters[r * layout.stride + offset + i] = own[from + i];
      }
    }
    return { step, parameters };
  });
}

/** The steps and the configuration in the metadata. */
export function writeCollection(
  kept: readonly Checkpoint[],
  layout: ParameterLayout,
  replicas: number,
  config: object,
): Uint8Array {
  return writeSafetensors(packCheckpoints(kept, layout, replicas), {
    format: 'pt',
    schema: '1',
    steps: JSON.stringify(kept.map(({ step }) => step)),
    replicas: String(replicas),
    config: JSON.stringify(config),
  });
}

export interface ReadCollection {
  readonly steps: readonly number[];
  /** By parameter name, [T, (R,) shape]. */
  readonly tensors: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Float32Array }
  >;
  readonly replicas: number;
}

/** Throws `BadCheckpoint`. */
export function readCollection(bytes: Uint8Array): ReadCollection {
  const { tensors, metadata } = readSafetensors(bytes);
  const steps = readSteps(metadata.get('steps'));
  const found = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array) || shape[0] !== steps.length) refuse(`tensor '${name}'`);
    found.set(name, { shape, data });
  }
  return { steps, tensors: found, replicas: Number(metadata.get('replicas') ?? '1') };
}

function readSteps(text: string | undefined): readonly number[] {
  try {
    const steps: unknown = JSON.parse(text ?? '');
    const whole = (step: unknown): step is number => Number.isInteger(step) && Number(step) >= 0;
    if (Array.isArray(steps) && steps.length > 0 && steps.every(whole)) return steps;
  } catch {
    // Said below.
  }
  return refuse('its steps');
}

function refuse(what: string): never {
  throw new BadCheckpoint({
    asked: `${CHECKPOINTS}: ${what}`,
    limit: 'it is not a series of checkpoints that cusp wrote',
    remedy: 'Run the training again with checkpointEvery',
  });
}
