/** The last unfinished run of a page, kept in this browser so that a reload does not lose it. */
import type { RunEvent, RunRecord } from '../../src/lab/record';
import type { Columns } from './series';

export interface KeptRun {
  readonly config: object;
  readonly preset: string;
  readonly step: number;
  readonly bytes: ArrayBuffer;
  readonly files: Readonly<Record<string, ArrayBuffer>>;
  readonly csv: string;
  readonly record: Pick<RunRecord, 'events' | 'seconds' | 'warnings'>;
  readonly columns: Columns;
  readonly events: readonly RunEvent[];
}

const store = 'runs';

/** All of these fail quietly: where storage is refused (private windows, some frames) a page simply forgets. */
export async function keepRun(page: string, run: KeptRun): Promise<void> {
  await perform('readwrite', (runs) => runs.put(run, page));
}

export async function findKept(page: string): Promise<KeptRun | null> {
  const run = (await perform('readonly', (runs) => runs.get(page))) as KeptRun | undefined;
  return run ?? null;
}

export async function forgetRun(page: string): Promise<void> {
  await perform('readwrite', (runs) => runs.delete(page));
}

/** A finished run whose checkpoints another page can sample. */
export interface KeptSource {
  /** What the run was, in a line. */
  readonly description: string;
  readonly record: RunRecord;
  /** Its curves as the page drew them. */
  readonly columns: Columns;
  readonly checkpoints: ArrayBuffer;
}

const source = (page: string): string => `${page}.source`;

export async function keepSource(page: string, run: KeptSource): Promise<void> {
  await perform('readwrite', (runs) => runs.put(run, source(page)));
}

export async function findSource(page: string): Promise<KeptSource | null> {
  const run = (await perform('readonly', (runs) => runs.get(source(page)))) as
    KeptSource | undefined;
  return run ?? null;
}

async function perform(
  mode: IDBTransactionMode,
  act: (runs: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const database = await answer(openDatabase());
    try {
      return await answer(act(database.transaction(store, mode).objectStore(store)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function openDatabase(): IDBOpenDBRequest {
  const request = indexedDB.open('cusp', 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(store));
  return request;
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('storage failed')));
  });
}
