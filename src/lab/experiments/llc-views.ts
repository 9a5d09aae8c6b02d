/** What a page draws of the chains while they run; names and shapes are in llc-results.ts. */
import { rankHistogram, runningLlc } from '../../slt/estimate';
import type { Recorder } from '../../slt/sampling/recorder';
import type { SamplingSetup } from '../../slt/sampling/setup';

interface View {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const TRACE_ROWS = 500;
const TRACE_CHAINS = 32;
const PATH_CHAINS = 16;
const RANK_BINS = 20;

/** `name` or `name:group`; null for one that does not exist. */
export function viewOf(name: string, setup: SamplingSetup, recorder: Recorder): View | null {
  const [kind, which = '0'] = name.split(':');
  const group = Number(which);
  const { chains } = setup.options;
  if (!Number.isInteger(group) || group < 0 || group >= setup.groups.length) return null;
  const first = group * chains;
  switch (kind) {
    case 'traces':
      return traces(recorder, first, Math.min(chains, TRACE_CHAINS));
    case 'estimate':
      return estimate(setup, recorder, group);
    case 'paths':
      return paths(recorder, first, Math.min(chains, PATH_CHAINS));
    case 'cloud':
      return { shape: [chains, 2], data: recorder.latest(first, chains) };
    case 'ranks':
      return ranks(recorder, first, Math.min(chains, PATH_CHAINS));
    default:
      return null;
  }
}

/** Evenly spaced rows: extremes between them are not shown. */
function pickRows(rows: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(rows / most));
  return Array.from({ length: Math.ceil(rows / every) }, (_, k) => k * every);
}

function traces(recorder: Recorder, first: number, chains: number): View {
  const picked = pickRows(recorder.rows, TRACE_ROWS);
  const data = new Float32Array(picked.length * (1 + chains));
  picked.forEach((row, k) => {
    data[k * (1 + chains)] = row;
    data.set(recorder.losses(row, row + 1, first, chains), k * (1 + chains) + 1);
  });
  return { shape: [picked.length, 1 + chains], data };
}

function estimate({ options, groups }: SamplingSetup, recorder: Recorder, group: number): View {
  const running = runningLlc(
    recorder.traces(group * options.chains, options.chains),
    groups[group].nbeta,
  );
  const picked = pickRows(running.mean.length, TRACE_ROWS);
  const data = Float32Array.from(
    picked.flatMap((row) => [options.burnin + row, running.mean[row], running.standardError[row]]),
  );
  return { shape: [picked.length, 3], data };
}

function paths(recorder: Recorder, first: number, chains: number): View {
  const all = Array.from({ length: chains }, (_, chain) => recorder.path(first + chain));
  const points = Math.min(...all.map(({ length }) => length / 2));
  const data = new Float32Array(chains * points * 2);
  all.forEach((path, chain) => data.set(path.subarray(0, 2 * points), chain * points * 2));
  return { shape: [chains, points, 2], data };
}

function ranks(recorder: Recorder, first: number, chains: number): View {
  const { counts } = rankHistogram(recorder.traces(first, chains), RANK_BINS);
  return { shape: [chains, RANK_BINS], data: Float32Array.from(counts) };
}
