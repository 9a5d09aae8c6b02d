/** What was measured, as a file: `measures.safetensors` in the run directory, a row per checkpoint. */
import { BadCheckpoint } from '../../gpu/errors';
import type { MeasureValues } from '../../interp/types';
import type { Files } from '../files';
import { writeSafetensors, type Tensor } from '../safetensors';
import { readSafetensors } from '../safetensors-read';
import { readSteps } from '../steps-read';

export const MEASURED = 'measures.safetensors';

/** By step, in order. */
export type Measured = ReadonlyMap<number, MeasureValues>;

/** Each scalar [T] and each vector [T, …] in F32; the steps in the metadata. Nothing before the first measurement. */
export function writeMeasured(
  measured: Measured,
  shapes: Readonly<Record<string, readonly number[]>>,
): Files {
  const rows = [...measured.values()];
  const [first] = rows;
  if (!first) return {};
  const tensors = new Map<string, Tensor>();
  for (const name of Object.keys(first.scalars)) {
    const data = Float32Array.from(rows, ({ scalars }) => scalars[name]);
    tensors.set(name, { dtype: 'F32', shape: [rows.length], data });
  }
  for (const [name, { length }] of Object.entries(first.views)) {
    const data = new Float32Array(rows.length * length);
    rows.forEach(({ views }, row) => data.set(views[name], row * length));
    tensors.set(`view.${name}`, { dtype: 'F32', shape: [rows.length, ...shapes[name]], data });
  }
  const steps = JSON.stringify([...measured.keys()]);
  return { [MEASURED]: writeSafetensors(tensors, { format: 'pt', schema: '1', steps }) };
}

/** What `writeMeasured` wrote, up to `step`. Throws BadCheckpoint. */
export function readMeasuredFile(files: Files, step: number): Measured {
  const bytes = files[MEASURED];
  if (!bytes) return new Map();
  const { tensors, metadata } = readSafetensors(bytes);
  const steps = readSteps(metadata.get('steps')) ?? refuse('its steps');
  const row = (k: number): MeasureValues => {
    const scalars: Record<string, number> = {};
    const views: Record<string, Float64Array> = {};
    for (const [name, { data, shape }] of tensors) {
      if (shape[0] !== steps.length) refuse(`tensor '${name}'`);
      const size = data.length / steps.length;
      if (name.startsWith('view.'))
        views[name.slice(5)] = Float64Array.from(data.subarray(k * size, (k + 1) * size));
      else scalars[name] = data[k];
    }
    return { scalars, views };
  };
  return new Map(steps.flatMap((at, k) => (at <= step ? [[at, row(k)] as const] : [])));
}

function refuse(what: string): never {
  throw new BadCheckpoint({
    asked: `${MEASURED}: ${what}`,
    limit: 'not what cusp wrote',
    remedy: 'Measure the checkpoint again',
  });
}
