/**
 * What the host keeps of the chains while they run: every recorded loss, and sums in float64 of the rest. It is what estimates are
 * made from, what a page draws, and what a resumed run needs to give the same answer.
 */
import { SAMPLER_METRICS, type SamplerMetric } from '../../optim/sampler/options';
import type { Traces } from '../estimate/traces';

/** Summed over the draws after burn-in, per chain. */
const SUMMED = [
  'distance2',
  'gradient2',
  'prior2',
  'noise2',
  'gradient_prior',
  'gradient_noise',
  'prior_noise',
  'kinetic',
] as const satisfies readonly SamplerMetric[];
export type Summed = (typeof SUMMED)[number];

export interface RecorderSpec {
  /** All chains of all groups. */
  readonly chains: number;
  /** Rows of a full run, burn-in first. */
  readonly rows: number;
  readonly burnin: number;
  /** Sampler steps between rows. */
  readonly every: number;
  /** Rows whose batch was held for an acceptance are no draws: their loss saw the batch that moved them. 0 for none. */
  readonly heldEvery: number;
  /** Chains whose paths are kept. */
  readonly pathChains: readonly number[];
  /** Keep ‖w − w*‖² of every draw too: what says whether γ decides the estimate. */
  readonly keepDistances: boolean;
}

/** Points of a path that are kept. */
export const PATH_POINTS = 400;

export interface Recorder {
  /** Rows recorded so far. */
  readonly rows: number;
  /** Takes rows [count, metrics, chains] of the steps s in [firstStep, …) with s mod `rowEvery` = 0. */
  take(firstStep: number, rowEvery: number, count: number, rows: ArrayLike<number>): void;
  /** Step at which a chain stopped being finite, or null. */
  readonly diverged: readonly (number | null)[];
  /** Recorded losses [rows, chains]; NaN where there is no draw. */
  losses(from: number, to: number, chain: number, chains: number): Float32Array;
  /** Draws of `chains` chains from `chain` on, after burn-in. */
  traces(chain: number, chains: number): Traces;
  /** ‖w − w*‖² of the same draws; null where they are not kept. */
  squaredDistances(chain: number, chains: number): Float32Array | null;
  /** Sum over the draws after burn-in of one chain, and the number of those draws. */
  sum(name: Summed, chain: number): number;
  draws(chain: number): number;
  /** Mean acceptance after burn-in over `chains` chains; null where none was measured. */
  acceptance(chain: number, chains: number): number | null;
  /** Mean of ‖w − w*‖² over the draws of the first and of the last quarter after burn-in. */
  distances(chain: number, chains: number): readonly [number, number];
  /** (x, y) of the last points of a kept path [n, 2]. */
  path(chain: number): Float32Array;
  /** Latest (x, y) of every chain. */
  latest(chain: number, chains: number): Float32Array;
  /** `step` is the one to save, or to come back to: sums are put by once the rows before it are in. */
  mark(step: number): void;
  /** The state at the step marked last. */
  save(): RecorderState;
  restore(state: RecorderState, step: number): void;
  /** Forgets rows at and after `step`, the one marked last or one before all rows. */
  truncate(step: number): void;
}

/** Everything recorded; `sums` in float64. */
export interface RecorderState {
  readonly rows: number;
  /** [rows, chains] */
  readonly losses: Float32Array;
  /** [rows, chains], or empty where they are not kept. */
  readonly distances: Float32Array;
  readonly sums: Float64Array;
  readonly diverged: Int32Array;
}

const at = /* @__PURE__ */ Object.fromEntries(
  SAMPLER_METRICS.map((name, k) => [name, k]),
) as Record<SamplerMetric, number>;
/** Per chain: the sums, then draws, acceptance and its count, and ‖w − w*‖² and count of the first and last quarter. */
const COLUMNS = SUMMED.length + 7;
const [DRAWS, ACCEPTED, TESTED, EARLY, EARLY_DRAWS, LATE, LATE_DRAWS] = Array.from(
  { length: 7 },
  (_, k) => SUMMED.length + k,
);

export function createRecorder(spec: RecorderSpec): Recorder {
  const { chains, burnin, every, heldEvery } = spec;
  const all = new Float32Array(spec.rows * chains).fill(NaN);
  const distances = spec.keepDistances ? new Float32Array(spec.rows * chains).fill(NaN) : null;
  const sums = new Float64Array(COLUMNS * chains);
  const diverged: (number | null)[] = new Array<number | null>(chains).fill(null);
  const paths = new Map(spec.pathChains.map((chain) => [chain, new Float32Array(2 * PATH_POINTS)]));
  const positions = new Float32Array(2 * chains);
  const quarter = (spec.rows - burnin) / 4;
  let rows = 0;
  let pathRows = 0;
  let marked: { readonly row: number; sums: Float64Array | null } = { row: 0, sums: null };

  function takeRow(step: number, values: ArrayLike<number>, start: number): void {
    const row = step / every;
    if (marked.sums === null && row >= marked.row) marked.sums = sums.slice();
    const held = heldEvery > 0 && step > 0 && step % heldEvery === 0;
    for (let chain = 0; chain < chains; chain++) {
      const read = (metric: SamplerMetric): number => values[start + at[metric] * chains + chain];
      const loss = read('loss');
      if (diverged[chain] !== null) continue;
      if (!Number.isFinite(loss) || !Number.isFinite(read('distance2'))) {
        diverged[chain] = step;
        continue;
      }
      positions[2 * chain] = read('x');
      positions[2 * chain + 1] = read('y');
      if (!held) all[row * chains + chain] = loss;
      if (distances) distances[row * chains + chain] = read('distance2');
      if (row < burnin) continue;
      const own = chain * COLUMNS;
      SUMMED.forEach((name, k) => (sums[own + k] += read(name)));
      sums[own + DRAWS]++;
      if (read('acceptance') >= 0) {
        sums[own + ACCEPTED] += read('acceptance');
        sums[own + TESTED]++;
      }
      if (row - burnin < quarter) {
        sums[own + EARLY] += read('distance2');
        sums[own + EARLY_DRAWS]++;
      } else if (row >= spec.rows - quarter) {
        sums[own + LATE] += read('distance2');
        sums[own + LATE_DRAWS]++;
      }
    }
    for (const [chain, points] of paths) {
      const place = 2 * (pathRows % PATH_POINTS);
      points.set(positions.subarray(2 * chain, 2 * chain + 2), place);
    }
    pathRows++;
    rows = row + 1;
  }

  const total = (column: number, chain: number, count: number): number => {
    let sum = 0;
    for (let c = chain; c < chain + count; c++) {
      if (diverged[c] === null) sum += sums[c * COLUMNS + column];
    }
    return sum;
  };

  function cut(table: Float32Array, from: number, to: number, chain: number, count: number) {
    const out = new Float32Array(Math.max(0, to - from) * count);
    for (let row = from; row < to; row++) {
      const start = row * chains + chain;
      out.set(table.subarray(start, start + count), (row - from) * count);
    }
    return out;
  }
  const afterBurnin = (): number => Math.min(burnin, rows);

  return {
    get rows() {
      return rows;
    },
    diverged,
    losses: (from, to, chain, count) => cut(all, from, to, chain, count),
    take(firstStep, rowEvery, count, values) {
      const width = SAMPLER_METRICS.length * chains;
      let step = Math.ceil(firstStep / rowEvery) * rowEvery;
      for (let k = 0; k < count; k++, step += rowEvery) {
        if (step % every === 0 && step / every < spec.rows) takeRow(step, values, k * width);
      }
    },
    traces(chain, count) {
      const from = afterBurnin();
      return {
        chains: count,
        draws: rows - from,
        excess: cut(all, from, rows, chain, count),
        alive: Array.from({ length: count }, (_, k) => diverged[chain + k] === null),
      };
    },
    squaredDistances: (chain, count) =>
      distances && cut(distances, afterBurnin(), rows, chain, count),
    sum: (name, chain) => sums[chain * COLUMNS + SUMMED.indexOf(name)],
    draws: (chain) => sums[chain * COLUMNS + DRAWS],
    acceptance(chain, count) {
      const tested = total(TESTED, chain, count);
      return tested > 0 ? total(ACCEPTED, chain, count) / tested : null;
    },
    distances(chain, count) {
      const early = total(EARLY, chain, count) / Math.max(1, total(EARLY_DRAWS, chain, count));
      const late = total(LATE, chain, count) / Math.max(1, total(LATE_DRAWS, chain, count));
      return [early, late];
    },
    path(chain) {
      const points = paths.get(chain);
      if (!points) return new Float32Array(0);
      const kept = Math.min(pathRows, PATH_POINTS);
      const first = pathRows - kept;
      const out = new Float32Array(2 * kept);
      for (let k = 0; k < kept; k++) {
        const place = 2 * ((first + k) % PATH_POINTS);
        out.set(points.subarray(place, place + 2), 2 * k);
      }
      return out;
    },
    latest: (chain, count) => positions.slice(2 * chain, 2 * (chain + count)),
    mark(step) {
      const row = Math.ceil(step / every);
      if (row === marked.row && marked.sums) return;
      marked = { row, sums: rows >= row ? sums.slice() : null };
    },
    save() {
      const kept = Math.min(rows, marked.row);
      return {
        rows: kept,
        losses: all.slice(0, kept * chains),
        distances: distances ? distances.slice(0, kept * chains) : new Float32Array(0),
        sums: (marked.sums ?? sums).slice(),
        diverged: Int32Array.from(diverged, (step) =>
          step === null || step >= kept * every ? -1 : step,
        ),
      };
    },
    restore(state, step) {
      all.fill(NaN);
      all.set(state.losses);
      distances?.fill(NaN).set(state.distances);
      sums.set(state.sums);
      state.diverged.forEach((when, chain) => (diverged[chain] = when < 0 ? null : when));
      rows = state.rows;
      pathRows = 0;
      if (rows * every > step) this.truncate(step);
    },
    truncate(step) {
      const keep = Math.ceil(step / every);
      if (keep < rows && keep === marked.row && marked.sums) sums.set(marked.sums);
      all.fill(NaN, keep * chains);
      distances?.fill(NaN, keep * chains);
      rows = Math.min(rows, keep);
      diverged.forEach((when, chain) => {
        if (when !== null && when >= step) diverged[chain] = null;
      });
    },
  };
}
