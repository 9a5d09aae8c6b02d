/** The traces of chains as a file: `traces.safetensors` in the run directory, read by any safetensors reader. */
import { BadCheckpoint } from '../../gpu/errors';
import type { FluctuationState } from './llc-observations';
import type { RecorderState } from '../../slt/sampling/recorder';
import type { Files } from '../files';
import { writeSafetensors, type Tensor } from '../safetensors';
import { readSafetensors } from '../safetensors-read';

export const TRACES = 'traces.safetensors';

/**
 * `loss` [rows, chains] is the excess L_B(w) − L_B(w*) of every recorded draw, burn-in first; `distance2` ‖w − w*‖²; `diverged` [chains] the step at which
 * a chain stopped being finite, −1 for none. `sums` and `observed` are float64 numbers as pairs of words, for resuming.
 */
export function writeTraces(
  { rows, losses, distances, sums, diverged }: RecorderState,
  observed: FluctuationState,
  meta: { readonly chains: number; readonly burnin: number; readonly groups: object },
): Files {
  const tensors = new Map<string, Tensor>([
    ['loss', { dtype: 'F32', shape: [rows, meta.chains], data: losses }],
    ...(distances.length > 0
      ? [['distance2', { dtype: 'F32', shape: [rows, meta.chains], data: distances }] as const]
      : []),
    ['diverged', { dtype: 'I32', shape: [meta.chains], data: diverged }],
    ['sums', packDoubles(sums)],
    ['observed', packDoubles(observed)],
  ]);
  const bytes = writeSafetensors(tensors, {
    format: 'pt',
    schema: '1',
    burnin: String(meta.burnin),
    groups: JSON.stringify(meta.groups),
  });
  return { [TRACES]: bytes };
}

/** Throws BadCheckpoint when the file is missing or of other chains. */
export function readTraces(
  files: Files,
  chains: number,
): { readonly state: RecorderState; readonly observed: Float64Array } {
  const bytes = files[TRACES];
  if (!bytes) return refuse('is missing');
  const { tensors } = readSafetensors(bytes);
  const loss = tensors.get('loss');
  const diverged = tensors.get('diverged')?.data;
  const sums = unpackDoubles(tensors.get('sums'));
  const observed = unpackDoubles(tensors.get('observed'));
  if (!loss || !(loss.data instanceof Float32Array) || loss.shape[1] !== chains)
    return refuse(`holds ${loss?.shape[1] ?? 'no'} chains, not ${chains}`);
  if (!(diverged instanceof Int32Array) || diverged.length !== chains || !sums || !observed)
    return refuse('lacks a part');
  const kept = tensors.get('distance2')?.data;
  const distances = kept instanceof Float32Array ? kept : new Float32Array(0);
  return { state: { rows: loss.shape[0], losses: loss.data, distances, sums, diverged }, observed };
}

/** Float64 has no place in these files: two words each, little end first, bits unchanged. */
function packDoubles(values: Float64Array): Tensor {
  const words = new Uint32Array(values.slice().buffer);
  return { dtype: 'U32', shape: [values.length, 2], data: words };
}

function unpackDoubles(tensor: Tensor | undefined): Float64Array | null {
  if (!(tensor?.data instanceof Uint32Array)) return null;
  return new Float64Array(tensor.data.slice().buffer);
}

function refuse(what: string): never {
  throw new BadCheckpoint({
    asked: `${TRACES} ${what}`,
    limit: 'a resumed run goes on from the draws recorded before',
    remedy: 'Keep the files of a run directory together',
  });
}
