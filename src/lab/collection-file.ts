/** Checkpoints kept of a run as one file: a tensor per parameter, steps first. collection-read.ts reads it. */
import type { ParameterLayout } from '../graph/layout';
import type { Checkpoint } from './experiments/types';
import { writeSafetensors, type Tensor } from './safetensors';

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
