/**
 * A finished run as a file: its configuration, the device, the curves, the events and, if wanted, tensors to draw.
 * The page shows one in grey before any click; visitors can save theirs and load it as the grey one.
 */
import type { AdapterRecord, RunEvent } from '../../src/lab/record';
import type { Snapshot } from './session-state';
import type { Columns } from './series';
import { fromBase64, readSeries, type StoredSeries } from './stored-series';

/** The file's JSON. `metrics[name][row]` is one number; NaN and ∞ are written as null. */
export interface StoredFile {
  readonly config: object;
  readonly adapter: AdapterRecord;
  readonly steps: readonly number[];
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  readonly events: readonly RunEvent[];
  readonly views?: Readonly<Record<string, StoredView>>;
  /** Views along the run, oldest first. */
  readonly series?: Readonly<Record<string, StoredSeries>>;
  /** `results` of the run record. */
  readonly results?: object;
}

/** A tensor: `data` is its little-endian float32 bytes in base64. */
export interface StoredView {
  readonly step: number;
  readonly shape: readonly number[];
  readonly data: string;
}

export interface StoredRun {
  readonly config: object;
  readonly columns: Columns;
  readonly events: readonly RunEvent[];
  readonly views: ReadonlyMap<string, Snapshot>;
  /** Views along the run, oldest first. */
  readonly series: ReadonlyMap<string, readonly Snapshot[]>;
  readonly results: object;
}

const mostBytes = 20e6;

/** Fetches a stored run; an absent or broken file is null, because the page works without one. */
export async function loadStored(address: URL): Promise<StoredRun | null> {
  try {
    const response = await fetch(address);
    if (!response.ok || !(response.headers.get('content-type') ?? '').includes('json')) return null;
    return parseStored(await response.text());
  } catch {
    return null;
  }
}

/** Reads the text of a stored run. @throws Error naming the first thing that is wrong. */
export function parseStored(text: string): StoredRun {
  if (text.length > mostBytes) throw new Error('the file is larger than 20 MB');
  const file = JSON.parse(text) as Partial<StoredFile> | null;
  if (file === null || typeof file !== 'object') throw new Error('the file is not a stored run');
  const { config, steps, metrics, events } = file;
  if (!isNumbers(steps)) throw new Error('“steps” must be a list of numbers');
  if (typeof metrics !== 'object' || metrics === null) throw new Error('“metrics” is missing');
  const values = new Map<string, number[][]>();
  for (const [name, column] of Object.entries(metrics)) {
    if (!Array.isArray(column) || column.length !== steps.length) {
      throw new Error(`metric ${name} must have a value for each step`);
    }
    values.set(
      name,
      column.map((value: unknown) => (typeof value === 'number' ? [value] : [])),
    );
  }
  const views = new Map<string, Snapshot>();
  for (const [name, view] of Object.entries(file.views ?? {}))
    views.set(name, parseView(name, view));
  const series = new Map(
    Object.entries(file.series ?? {}).map(([name, one]) => [name, readSeries(name, one)]),
  );
  return {
    config: typeof config === 'object' && config !== null ? config : {},
    columns: { steps: [...steps], values },
    events: Array.isArray(events) ? events.filter(isEvent) : [],
    views,
    series,
    results: typeof file.results === 'object' ? file.results : {},
  };
}

function parseView(name: string, view: StoredView): Snapshot {
  if (!isNumbers(view.shape) || typeof view.data !== 'string' || typeof view.step !== 'number') {
    throw new Error(`view ${name} must have a step, a shape and data`);
  }
  const bytes = fromBase64(view.data);
  const size = view.shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size * 4) throw new Error(`view ${name} does not fill its shape`);
  return { step: view.step, shape: view.shape, data: new Float32Array(bytes.buffer) };
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}

function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { name, step, replica } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof step === 'number' && typeof replica === 'number';
}
