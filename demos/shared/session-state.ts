/** What a page remembers of a run: where it stands, its curves, its events and snapshots of what can be drawn. */
import type { FromWorker, Status } from '../../src/lab/protocol';
import type { AdapterRecord, RunEvent } from '../../src/lab/record';
import { createColumns, type Columns } from './series';

export interface Snapshot {
  readonly step: number;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type StageBegun = Extract<FromWorker, { readonly type: 'stage' }>;

export interface SessionState {
  status: Status;
  detail: string;
  step: number;
  total: number;
  stepsPerSecond: number;
  secondsLeft: number;
  adapter: AdapterRecord | null;
  parameters: number;
  bytes: number;
  /** The configuration of the open run with its defaults filled in, or null before the first `opened`. */
  config: object | null;
  columns: Columns;
  events: RunEvent[];
  /** Snapshots of each view, oldest first, thinned out as they grow many. */
  views: Map<string, Snapshot[]>;
  /** Of a run in stages: the one under way. */
  stage: StageBegun | null;
  error: { readonly kind: string; readonly message: string } | null;
  /** Why there is no GPU, in the engine's words, once the run had to be opened on the CPU. */
  noGpu: string | null;
}

const mostSnapshots = 160;
/** Vectors up to this size are kept at every step they were measured at. */
const smallBytes = 8e3;
const mostSmall = 4000;
const mostViewBytes = 48e6;

export function blankState(): SessionState {
  return {
    status: 'idle',
    detail: '',
    step: 0,
    total: 0,
    stepsPerSecond: 0,
    secondsLeft: Number.NaN,
    adapter: null,
    parameters: 0,
    bytes: 0,
    config: null,
    columns: createColumns(),
    events: [],
    views: new Map(),
    stage: null,
    error: null,
    noGpu: null,
  };
}

/** Adds a snapshot in order; when they grow too many, every second of the older ones goes. */
export function keepSnapshot(
  views: Map<string, Snapshot[]>,
  name: string,
  { step, shape, data }: Snapshot,
): void {
  let list = views.get(name);
  if (list === undefined) views.set(name, (list = []));
  while (list.length > 0 && (list.at(-1) as Snapshot).step >= step) list.pop();
  list.push({ step, shape, data });
  const bytes = list.length * data.byteLength;
  const most = data.byteLength <= smallBytes ? mostSmall : mostSnapshots;
  if (list.length > 2 && (list.length > most || bytes > mostViewBytes)) {
    const last = list.length - 1;
    list.splice(0, list.length, ...list.filter((_, index) => index % 2 === 0 || index === last));
  }
}
