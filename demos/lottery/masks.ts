/** The masks of the first layer, round by round, as the worker sends them when a round begins. */
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import { viewsOf } from '../../src/lab/experiments/lottery-views';
import type { FinishedStage } from '../../src/lab/stages';
import type { Session } from '../shared/session';
import type { Snapshot } from '../shared/session-state';
import type { StoredRun } from '../shared/stored';

export interface RoundMasks {
  readonly round: number;
  /** Share of the weights left at each pixel, the mean over trials: side². */
  readonly pixels: Float32Array;
  /** Masks of a few units of the first trial, one after the other: side² each. */
  readonly units: Float32Array;
  readonly side: number;
}

export interface Masks {
  rounds(): readonly RoundMasks[];
  /** Rounds that a resumed run did not send again, from its finished stages. */
  fill(done: readonly FinishedStage[]): void;
}

export const UNITS = 12;

export function createMasks(session: Session): Masks {
  let kept: RoundMasks[] = [];

  session.listen((topic) => {
    const { stage, views, config } = session.state;
    if (topic === 'status' && config === null) kept = [];
    if (topic !== 'view' || stage === null) return;
    const [pixels, first] = ['pixels', 'first'].map((name) => views.get(name)?.at(-1));
    const rounds = (config as LotteryConfig | null)?.rounds ?? 0;
    if (pixels === undefined || first === undefined || stage.index < 1 || stage.index > rounds)
      return;
    const masks = readRound(stage.index, pixels, first);
    kept = [...kept.filter(({ round }) => round < stage.index), masks];
  });

  return {
    rounds: () => kept,
    fill(done) {
      const config = session.state.config as LotteryConfig | null;
      if (config === null) return;
      const found = done.flatMap(({ outcome: { keep, layout } }, round) => {
        const masks = keep['masks'] as Float32Array | undefined;
        if (masks === undefined || kept.some((one) => one.round === round)) return [];
        const { pixels, first } = viewsOf(config, layout, masks);
        return [readRound(round, { step: 0, ...pixels }, { step: 0, ...first })];
      });
      kept = [...kept, ...found].sort((a, b) => a.round - b.round);
    },
  };
}

/** `pixels` [T, side, side], `first` [hidden, side, side]. Units are taken evenly, the same in every round. */
export function readRound(round: number, pixels: Snapshot, first: Snapshot): RoundMasks {
  const [trials = 1, side = 0] = pixels.shape;
  const size = side * side;
  const mean = new Float32Array(size);
  pixels.data.forEach((share, k) => (mean[k % size] = (mean[k % size] ?? 0) + share / trials));
  const hidden = first.shape[0] ?? 0;
  const units = new Float32Array(UNITS * size);
  for (let k = 0; k < Math.min(UNITS, hidden); k++) {
    const unit = Math.floor((k * hidden) / Math.min(UNITS, hidden));
    units.set(first.data.subarray(unit * size, (unit + 1) * size), k * size);
  }
  return { round, pixels: mean, units, side };
}

/** Those of a stored run. */
export function storedMasks({ series }: StoredRun): RoundMasks[] {
  const units = series.get('units') ?? [];
  return (series.get('pixels') ?? []).flatMap(({ step, shape, data }, k) => {
    const own = units[k];
    return own === undefined
      ? []
      : [{ round: step, pixels: data, units: own.data, side: shape[0] ?? 0 }];
  });
}
