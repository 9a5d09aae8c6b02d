/** Run directories: `run.json`, `metrics.csv`, `checkpoint.safetensors`, each replaced whole so that a kill leaves the old one. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKPOINTS } from '../../src/lab/collection';
import { TRACES } from '../../src/lab/experiments/llc-files';
import { MEASURED } from '../../src/lab/experiments/progress-files';
import { CHAINS, SOURCE, STAGES } from '../../src/lab/files';
import type { RunRecord } from '../../src/lab/record';
import { UsageError } from './usage';

export interface SavedRun {
  readonly record: RunRecord;
  readonly csv: string;
  readonly checkpoint: ArrayBuffer;
  /** What else the run wrote, by name: series of checkpoints, traces of chains. */
  readonly files: Readonly<Record<string, ArrayBuffer>>;
}

const FILES = {
  record: 'run.json',
  csv: 'metrics.csv',
  checkpoint: 'checkpoint.safetensors',
} as const;

/** Written by some runs only. */
const EXTRA = [CHECKPOINTS, TRACES, CHAINS, MEASURED, STAGES];

/** Without a checkpoint the one that is there stays: a resumed run drops the rows that came after it. */
export function writeRun(
  directory: string,
  { record, csv, checkpoint, files = {} }: Pick<SavedRun, 'record' | 'csv'> & Partial<SavedRun>,
): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(files))
    replace(join(directory, name), new Uint8Array(bytes));
  if (checkpoint) replace(join(directory, FILES.checkpoint), new Uint8Array(checkpoint));
  replace(join(directory, FILES.csv), csv);
  replace(join(directory, FILES.record), `${JSON.stringify(record, null, 2)}\n`);
}

function replace(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}

/** Throws UsageError naming the file that is missing or damaged. */
export function readRun(directory: string): SavedRun {
  const read = (name: string): Buffer => {
    const path = join(directory, name);
    if (!existsSync(path))
      throw new UsageError(`--resume ${directory}: no ${name} there; give the directory of a run`);
    return readFileSync(path);
  };
  const checkpoint = bufferOf(read(FILES.checkpoint));
  const others = EXTRA.filter((name) => existsSync(join(directory, name)));
  return {
    files: Object.fromEntries(others.map((name) => [name, bufferOf(read(name))])),
    record: readRecord(directory, read(FILES.record).toString()),
    csv: read(FILES.csv).toString(),
    checkpoint,
  };
}

function readRecord(directory: string, text: string): RunRecord {
  let record: Partial<RunRecord> | null;
  try {
    record = JSON.parse(text) as Partial<RunRecord> | null;
  } catch {
    throw new UsageError(
      `--resume ${directory}: run.json is not JSON; give the directory of a run`,
    );
  }
  const whole =
    record?.schema === 1 && typeof record.config === 'object' && Array.isArray(record.events);
  if (!whole || !Array.isArray(record?.warnings) || typeof record.seconds !== 'number') {
    throw new UsageError(
      `--resume ${directory}: run.json is no run record of schema 1; give the directory of a run`,
    );
  }
  return record as RunRecord;
}

function bufferOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).slice().buffer;
}

/**
 * The files of the run that an `llc` experiment samples, as the lab reads them: record and, where there is one, the series of
 * checkpoints, else the last one. Nothing for other experiments. Throws UsageError naming what is missing.
 */
export function readSource(config: object): Record<string, ArrayBuffer> {
  const { target } = config as { target?: { kind?: unknown; path?: unknown } };
  if (target?.kind !== 'run' || typeof target.path !== 'string') return {};
  const directory = target.path;
  if (!existsSync(join(directory, FILES.record))) {
    throw new UsageError(
      `target.path ${directory || '""'}: no ${FILES.record} there; give the directory of a run`,
    );
  }
  const found = [FILES.record, CHECKPOINTS, FILES.checkpoint].filter((name) =>
    existsSync(join(directory, name)),
  );
  return Object.fromEntries(
    found.map((name) => [`${SOURCE}${name}`, bufferOf(readFileSync(join(directory, name)))]),
  );
}

/** Fails before the run rather than after it when the directory can't be written. */
export function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${FILES.record}.part`), '');
  } catch (error) {
    throw new UsageError(`--out ${directory}: ${(error as Error).message}`);
  }
}
