/**
 * Checkpoints: a snapshot as safetensors with PyTorch's conventions (DESIGN §7): a tensor per parameter, its optimiser
 * state under `optimizer.`, the replica axis first when there is more than one, step and configuration in the metadata.
 */
import { BadCheckpoint } from '../gpu/errors';
import type { ParameterLayout, ParameterPlace } from '../graph/layout';
import type { Snapshot } from '../graph/program';
import { formatShape, sameShape } from '../graph/shape';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors';

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

/** Throws `BadCheckpoint` naming what is missing or of another shape. */
export function readCheckpoint(
  bytes: Uint8Array,
  layout: ParameterLayout,
  replicas: number,
  state: readonly string[],
): Snapshot & { readonly config: unknown } {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.get('schema') !== SCHEMA) {
    throw new BadCheckpoint({
      asked: `checkpoint schema ${metadata.get('schema') ?? 'missing'}`,
      limit: `this engine reads schema ${SCHEMA}`,
      remedy: 'Use a checkpoint that cusp wrote',
    });
  }
  const expected = layout.places.length * (1 + state.length);
  if (tensors.size !== expected) {
    const extra = [...tensors.keys()].find((name) => !isExpected(name, layout, state));
    throw new BadCheckpoint({
      asked: `checkpoint with ${tensors.size} tensors${extra ? `, '${extra}' among them` : ''}`,
      limit: `this network and optimiser have ${expected}`,
      remedy: 'Use a checkpoint of the same experiment',
    });
  }
  const take = (prefix: string): Float32Array => {
    const all = new Float32Array(replicas * layout.stride);
    for (const place of layout.places)
      scatter(all, tensors, prefix, place, layout.stride, replicas);
    return all;
  };
  return {
    step: readStep(metadata.get('step')),
    parameters: take(''),
    state: Object.fromEntries(state.map((name) => [name, take(`optimizer.${name}.`)])),
    config: parseConfig(metadata.get('config')),
  };
}

function isExpected(name: string, { places }: ParameterLayout, state: readonly string[]): boolean {
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
  tensors: ReadonlyMap<string, Tensor>,
  prefix: string,
  place: ParameterPlace,
  stride: number,
  replicas: number,
): void {
  const name = `${prefix}${place.name}`;
  const tensor = tensors.get(name);
  const shape = shapeWithReplicas(place, replicas);
  if (!tensor || tensor.dtype !== 'F32' || !sameShape(tensor.shape, shape)) {
    const found = tensor ? `${tensor.dtype} ${formatShape(tensor.shape)}` : 'missing';
    throw new BadCheckpoint({
      asked: `tensor '${name}': ${found}`,
      limit: `this run needs F32 ${formatShape(shape)}`,
      remedy: 'Use a checkpoint of the same network and number of replicas',
    });
  }
  if (tensor.data.some((value) => !Number.isFinite(value))) {
    throw new BadCheckpoint({
      asked: `tensor '${name}'`,
      limit: 'holds a value that is not finite',
      remedy: 'Use an earlier checkpoint',
    });
  }
  for (let r = 0; r < replicas; r++) {
    all.set(tensor.data.subarray(r * place.size, (r + 1) * place.size), r * stride + place.offset);
  }
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
