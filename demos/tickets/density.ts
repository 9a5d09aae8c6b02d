/** Of a mask: how many weights it keeps. */
import type { Place } from './story';

export interface Density {
  /** Share of all weights. */
  readonly all: number;
  /** Of each place. */
  readonly tensors: readonly number[];
}

export function densityOf(mask: ArrayLike<number>, places: readonly Place[]): Density {
  let [kept, all] = [0, 0];
  const tensors = places.map(({ offset, size }) => {
    let own = 0;
    for (let k = offset; k < offset + size; k++) own += mask[k] === 0 ? 0 : 1;
    kept += own;
    all += size;
    return own / size;
  });
  return { all: kept / Math.max(1, all), tensors };
}
