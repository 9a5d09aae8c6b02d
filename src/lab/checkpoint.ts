/**
 * Checkpoints: a snapshot as safetensors with PyTorch's conventions (DESIGN §7): a tensor per parameter, its optimiser
 * state under `optimizer.`, the replica axis first when there is more than one, step and configuration in the metadata.
 */
import { BadCheckpoint } from '../gpu/errors';
import type { ParameterLayout, ParameterPlace } from '../graph/layout';
import type { Snapshot } from '../graph/program';
import { formatShape, sameShape } from '../graph/shape';
import { writeSafetensors, type Tensor } from './safetensors';
import { readSafetensors } from './safetensors-read';

export interface CheckpointMeta {
  readonly engine: string;
  /** The complete experiment. */
  readonly config: object;
  /** Philox needs no state: seed and step are all there is. */
  readonly seed: number;
}

/** Schema of the metadata; readers refuse others. */
const SCHEMA = '1';

export function writeCheckpoint(
  snapshot: Snapshot,
  layout: ParameterLayout,
  replicas: number,
  meta: CheckpointMeta,
): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const put = (prefix: string, all: Float32Array): void => {
    for (const place of layout.places) {
      tensors.set(`${prefix}${place.name}`, gather(all, place, layout.stride, replicas));
    }
  };
  put('', snapshot.parameters);
  for (const [name, values] of Object.entries(snapshot.state)) put(`optimizer.${name}.`, values);
  for (const [name, data] of Object.entries(snapshot.scalars ?? {}))
    tensors.set(`optimizer.${name}`, { dtype: 'F32', shape: [replicas], data });
  return writeSafetensors(tensors, {
    format: 'pt',
    engine: meta.engine,
    schema: SCHEMA,
    step: String(snapshot.step),
    replicas: String(replicas),
    rng: JSON.stringify({ algorithm: 'philox4x32-10', seed: meta.seed, step: snapshot.step }),
    config: JSON.stringify(meta.config),
  });
}

export interface CheckpointReading {
  /** Names of `Update.scalars`. */
  readonly scalars?: readonly string[];
  /** Replicas may have diverged, as chains of a sampler may: values that are not finite are taken. */
  readonly diverged?: boolean;
}

/**
 * `state` are the names of `Update.state`. Throws `BadCheckpoint` naming what is missing, of another shape or not finite.
 */
export function readCheckpoint(
  bytes: Uint8Array,
  layout: ParameterLayout,
  replicas: number,
  state: readonly string[],
  { scalars = [], diverged = false }: CheckpointReading = {},
): Snapshot & { readonly config: unknown } {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.get('schema') !== SCHEMA) {
    throw new BadCheckpoint({
      asked: `checkpoint schema ${metadata.get('schema') ?? 'missing'}`,
      limit: `this engine reads schema ${SCHEMA}`,
      remedy: 'Use a checkpoint that cusp wrote',
    });
  }
  const expected = layout.places.length * (1 + state.length) + scalars.length;
  if (tensors.size !== expected) {
    const extra = [...tensors.keys()].find((name) => !isExpected(name, layout, state, scalars));
    throw new BadCheckpoint({
      asked: `checkpoint with ${tensors.size} tensors${extra ? `, '${extra}' among them` : ''}`,
      limit: `this network and optimiser have ${expected}`,
      remedy: 'Use a checkpoint of the same experiment',
    });
  }
  const take = (prefix: string): Float32Array => {
    const all = new Float32Array(replicas * layout.stride);
    for (const place of layout.places) {
      const shape = shapeWithReplicas(place, replicas);
      const data = readTensor(tensors, `${prefix}${place.name}`, shape, diverged);
      scatter(all, data, place, layout.stride, replicas);
    }
    return all;
  };
  return {
    step: readStep(metadata.get('step')),
    parameters: take(''),
    state: Object.fromEntries(state.map((name) => [name, take(`optimizer.${name}.`)])),
    ...(scalars.length > 0 && {
      scalars: Object.fromEntries(
        scalars.map((name) => [
          name,
          readTensor(tensors, `optimizer.${name}`, [replicas], diverged),
        ]),
      ),
    }),
    config: parseConfig(metadata.get('config')),
  };
}

function isExpected(
  name: string,
  { places }: ParameterLayout,
  state: readonly string[],
  scalars: readonly string[],
): boolean {
  if (scalars.some((key) => name === `optimizer.${key}`)) return true;
  const prefixes = ['', ...state.map((key) => `optimizer.${key}.`)];
  return places.some((place) => prefixes.some((prefix) => name === `${prefix}${place.name}`));
}

function shapeWithReplicas({ shape }: ParameterPlace, replicas: number): number[] {
  return replicas > 1 ? [replicas, ...shape] : [...shape];
}

function gather(
  all: Float32Array,
  place: ParameterPlace,
  stride: number,
  replicas: number,
): Tensor {
  const data = new Float32Array(replicas * place.size);
  for (let r = 0; r < replicas; r++) {
    const start = r * stride + place.offset;
    data.set(all.subarray(start, start + place.size), r * place.size);
  }
  return { dtype: 'F32', shape: shapeWithReplicas(place, replicas), data };
}

function scatter(
  all: Float32Array,
  data: Float32Array,
  { offset, size }: ParameterPlace,
  stride: number,
  replicas: number,
): void {
  for (let r = 0; r < replicas; r++)
    all.set(data.subarray(r * size, (r + 1) * size), r * stride + offset);
}

function readTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
  diverged: boolean,
): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor || tensor.dtype !== 'F32' || !sameShape(tensor.shape, shape)) {
    const found = tensor ? `${tensor.dtype} ${formatShape(tensor.shape)}` : 'missing';
    throw new BadCheckpoint({
      asked: `tensor '${name}': ${found}`,
      limit: `this run needs F32 ${formatShape(shape)}`,
      remedy: 'Use a checkpoint of the same network and number of replicas',
    });
  }
  if (!diverged && tensor.data.some((value) => !Number.isFinite(value))) {
    throw new BadCheckpoint({
      asked: `tensor '${name}'`,
      limit: 'holds a value that is not finite',
      remedy: 'Use an earlier checkpoint',
    });
  }
  return tensor.data as Float32Array;
}

function readStep(text: string | undefined): number {
  const step = Number(text);
  if (text === undefined || !Number.isInteger(step) || step < 0 || step > 0xffffffff) {
    throw new BadCheckpoint({
      asked: `metadata step ${text ?? 'missing'}`,
      limit: 'must be a whole number from 0',
      remedy: 'Use a checkpoint that cusp wrote',
    });
  }
  return step;
}

function parseConfig(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    throw new BadCheckpoint({
      asked: 'metadata config',
      limit: 'is not JSON',
      remedy: 'Use a checkpoint that cusp wrote',
    });
  }
}
