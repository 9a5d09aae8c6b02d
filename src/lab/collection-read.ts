/** Reads the file of collection-file.ts. */
import { BadCheckpoint } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { CHECKPOINTS } from './collection';
import type { Checkpoint } from './experiments/types';
import { readSafetensors } from './safetensors-read';
import { readSteps } from './steps-read';

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
  const steps = readSteps(metadata.get('steps')) ?? refuse('its steps');
  const found = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array) || shape[0] !== steps.length) refuse(`tensor '${name}'`);
    found.set(name, { shape, data });
  }
  return { steps, tensors: found, replicas: Number(metadata.get('replicas') ?? '1') };
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

function refuse(what: string): never {
  throw new BadCheckpoint({
    asked: `${CHECKPOINTS}: ${what}`,
    limit: 'it is not a series of checkpoints that cusp wrote',
    remedy: 'Run the training again with checkpointEvery',
  });
}
