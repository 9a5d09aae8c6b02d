/** Per-sample losses of all chains, looked at now and then: what ν̂, WAIC and the losses of a posterior are made from. */
import {
  createFluctuation,
  observeLosses,
  packFluctuation,
  unpackFluctuation,
  type Fluctuation,
} from '../../slt/estimate';

/** All groups' moments one behind the other, for a file. */
export type FluctuationState = Float64Array;

export interface Observations {
  /** Of a group; null where the target has no samples or too many to look at. */
  of(group: number): Fluctuation | null;
  /** Mean full-batch loss of a group's chains at the last look; null before the first. */
  lastLoss(group: number): number | null;
  /** Losses [R, n]; `draw` says whether burn-in is over. */
  take(losses: ArrayLike<number>, alive: (chain: number) => boolean, draw: boolean): void;
  /** What there is now is to be saved, or to be gone back to. */
  mark(): void;
  /** Back to the mark. */
  rewind(): void;
  /** As of the mark. */
  save(): FluctuationState;
  restore(state: FluctuationState): void;
}

export function createObservations(
  groups: number,
  chains: number,
  samples: number | null,
): Observations {
  const all =
    samples === null ? null : Array.from({ length: groups }, () => createFluctuation(samples));
  const last = new Array<number | null>(groups).fill(null);
  let marked: FluctuationState;

  function pack(): FluctuationState {
    const parts = (all ?? []).map(packFluctuation);
    const packed = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      packed.set(part, at);
      at += part.length;
    }
    return packed;
  }
  function unpack(state: FluctuationState): void {
    if (!all || state.length === 0) return;
    const size = state.length / all.length;
    all.forEach((_, group) => {
      all[group] = unpackFluctuation(state.slice(group * size, (group + 1) * size));
    });
  }
  marked = pack();

  return {
    of: (group) => all?.[group] ?? null,
    lastLoss: (group) => last[group],
    take(losses, alive, draw) {
      if (!all || samples === null) return;
      for (let group = 0; group < groups; group++) {
        const first = group * chains;
        const flags = Array.from({ length: chains }, (_, k) => alive(first + k));
        const own = Array.prototype.slice.call(
          losses,
          first * samples,
          (first + chains) * samples,
        ) as number[];
        if (draw) observeLosses(all[group], own, flags);
        last[group] = meanOfLiving(own, flags, samples);
      }
    },
    mark: () => void (marked = pack()),
    rewind: () => unpack(marked),
    save: () => marked,
    restore(state) {
      marked = state;
      unpack(state);
    },
  };
}

function meanOfLiving(
  losses: readonly number[],
  alive: readonly boolean[],
  samples: number,
): number | null {
  let sum = 0;
  let count = 0;
  alive.forEach((living, chain) => {
    if (!living) return;
    for (let i = chain * samples; i < (chain + 1) * samples; i++) sum += losses[i];
    count += samples;
  });
  return count > 0 ? sum / count : null;
}
