/** Frequencies as the measured vectors name them: which are key at the cursor, which were at the end. */
import type { Snapshot } from '../shared/session-state';
import type { History } from './history';

/** Key frequencies at the time cursor. */
export function keysAt(history: History): number[] {
  return listKeys(history.pick('key_frequencies').snapshot);
}

/** Key frequencies at the last measured step: those that a curve over all steps is about. */
export function lastKeys(history: History): number[] {
  return listKeys(history.all('key_frequencies').at(-1) ?? null);
}

function listKeys(snapshot: Snapshot | null): number[] {
  return Array.from(snapshot?.data ?? []).flatMap((on, k) => (on > 0.5 ? [k + 1] : []));
}

/** From the norms of p Fourier rows (constant, cos 1, sin 1, …) the norm of each frequency, √(cos² + sin²). */
export function waveNorms(rows: ArrayLike<number>): Float64Array {
  const norms = new Float64Array(Math.floor((rows.length - 1) / 2));
  for (let k = 0; k < norms.length; k++) {
    norms[k] = Math.hypot(rows[2 * k + 1] ?? 0, rows[2 * k + 2] ?? 0);
  }
  return norms;
}
