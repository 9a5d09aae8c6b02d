/** `lab run`: carries one experiment out, in one of three runtimes, and writes its run directory. */
import { readFileSync } from 'node:fs';
import { findPreset, findExperiment } from '../../src/lab/experiments';
import type { FromWorker, ToWorker } from '../../src/lab/protocol';
import { fromBuffers } from '../../src/lab/files';
import type { RunRecord } from '../../src/lab/record';
import { setPath } from '../../src/lab/schema-paths';
import type { ProgressMeasuresResults } from '../../src/lab/experiments/progress-results';
import { prepareDirectory, readRun, readSource, writeRun, type SavedRun } from './directory';
import { planExport } from './export';
import { formatMeasures } from './measures-table';
import { printPlan } from './plan';
import { createInbox, untilStopped, type Inbox } from './inbox';
import { createProgressLine } from './progress';
import { withSession } from './sessions';
import { readCheckpoint, readsCheckpoint } from './source';
import {
  isBadInput,
  readArguments,
  readRuntime,
  readWhole,
  UsageError,
  type Runtime,
} from './usage';

const OPTIONS = {
  set: { type: 'string', multiple: true },
  seed: { type: 'string' },
  steps: { type: 'string' },
  replicas: { type: 'string' },
  runtime: { type: 'string' },
  checkpoint: { type: 'string' },
  out: { type: 'string' },
  export: { type: 'string' },
  resume: { type: 'string' },
  quiet: { type: 'boolean' },
  plan: { type: 'boolean' },
  tune: { type: 'string' },
} as const;

/** A run directory is brought up to date this often, so that a kill costs little. */
const SAVE_EVERY_MS = 30_000;
/** Nobody watches frames here: longer submits waste less. */
const PACE_MS = 100;

export interface Request {
  readonly config: object;
  readonly runtime: Runtime;
  readonly directory: string | undefined;
  readonly earlier: SavedRun | undefined;
  /** Files of the run that is sampled. */
  readonly source: Readonly<Record<string, ArrayBuffer>>;
  readonly quiet: boolean;
  /** `off` unless given. */
  readonly tune?: Tune;
}

/** How products are computed: by the rules, as measured here before (`lab tune`), or measured now. Results are the same. */
const TUNE = ['off', 'remembered', 'measure'] as const;
type Tune = (typeof TUNE)[number];

/** In Chrome nothing is remembered: its profile is new each time. */
function readTune(text: string | undefined, runtime: Runtime): Tune {
  if (text === undefined) return runtime === 'node' ? 'remembered' : 'off';
  if (!(TUNE as readonly string[]).includes(text))
    throw new UsageError(`--tune ${text}: must be one of ${TUNE.join(', ')}`);
  return text as Tune;
}

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (positionals.length > 1)
    throw new UsageError(`one preset or file at a time, got ${positionals.join(' ')}`);
  const earlier = values.resume === undefined ? undefined : readRun(values.resume);
  if (!earlier && !positionals[0])
    throw new UsageError('which experiment? give a preset (see `list`) or a JSON file');
  if (earlier && positionals[0])
    throw new UsageError('--resume goes on with its own experiment; leave the preset out');
  const raw = earlier ? earlier.record.config : readConfig(positionals[0]);
  const config = applyOptions(raw, values);
  const source = readsCheckpoint(config) ? readCheckpoint(config) : readSource(config);
  if (values.plan) return printPlan(config, readRuntime(values.runtime), fromBuffers(source));
  const directory = values.out ?? values.resume;
  const writeExport = planExport(values.export, config, source, directory);
  if (directory !== undefined) prepareDirectory(directory);
  const runtime = readRuntime(values.runtime);
  const quiet = values.quiet ?? false;
  const tune = readTune(values.tune, runtime);
  const { record, failure } = await carryOut({
    config,
    runtime,
    directory,
    earlier,
    source,
    quiet,
    tune,
  });
  if (record && !quiet && readsCheckpoint(config))
    console.error(formatMeasures(record.results as ProgressMeasuresResults));
  const written = failure ? [] : (writeExport?.() ?? []);
  if (written.length > 0 && !quiet) console.error(`written: ${written.join(', ')}`);
  if (record) console.log(JSON.stringify(record));
  if (!failure) return 0;
  console.error(`${failure.kind}: ${failure.message}`);
  return record || !isBadInput(failure.kind) ? 1 : 2;
}

/** A preset's configuration, or a JSON file's. */
export function readConfig(name: string): object {
  if (!name.endsWith('.json')) return findPreset(name).config;
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('must be a JSON object');
    return value;
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
}

/** `--checkpoint`, `--set`, `--seed`, `--steps`, `--replicas` on top; checked whole before anything starts. */
function applyOptions(
  raw: object,
  values: {
    set?: string[];
    checkpoint?: string;
    seed?: string;
    steps?: string;
    replicas?: string;
  },
): object {
  const { name, schema, parse } = findExperiment(raw);
  let config: unknown = raw;
  if (values.checkpoint !== undefined) {
    if (!readsCheckpoint(raw))
      throw new UsageError(
        `--checkpoint ${values.checkpoint}: ${name} reads none; use progress-measures`,
      );
    config = setPath(schema, config, 'checkpoint', values.checkpoint);
  }
  for (const text of values.set ?? []) {
    const at = text.indexOf('=');
    if (at < 1)
      throw new UsageError(`--set ${text}: must be path=value, for example optimizer.lr=1e-3`);
    config = setPath(schema, config, text.slice(0, at), text.slice(at + 1));
  }
  const numbers = {
    seed: readWhole('seed', values.seed, 0),
    steps: readWhole('steps', values.steps, 1),
    replicas: readWhole('replicas', values.replicas, 1),
  };
  for (const [path, value] of Object.entries(numbers)) {
    if (value !== undefined) config = setPath(schema, config, path, String(value));
  }
  return parse(config) as object;
}

export interface Outcome {
  readonly record: RunRecord | null;
  readonly failure: { readonly kind: string; readonly message: string } | null;
}

/** Runs one experiment to its end and returns its record, whatever stopped it. */
export async function carryOut({
  config,
  runtime,
  directory,
  earlier,
  source,
  quiet,
  tune = 'off',
}: Request): Promise<Outcome> {
  const line = createProgressLine(quiet);
  const inbox = createInbox();
  const receive = (message: FromWorker): void => {
    line.show(message);
    inbox.put(message);
  };
  return withSession(runtime, receive, async (post) => {
    const onSignal = (): void => post({ type: 'pause' });
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
    let saver: ReturnType<typeof setInterval> | undefined;
    try {
      post({ type: 'pace', milliseconds: PACE_MS });
      const files = { ...source, ...earlier?.files };
      post({
        type: 'open',
        config,
        files,
        ...(tune !== 'off' && { tune }),
        ...(earlier && openEarlier(earlier)),
      });
      const opened = await inbox.next('opened', 'error');
      if (opened.type === 'error') return { record: null, failure: opened };
      post({ type: 'run' });
      if (directory !== undefined) {
        saver = setInterval(() => void save(post, inbox, directory), SAVE_EVERY_MS);
      }
      const failure = await untilStopped(inbox);
      clearInterval(saver);
      line.end();
      const saved = await save(post, inbox, directory);
      return { record: saved.record, failure: failure ?? saved.failure };
    } finally {
      clearInterval(saver);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    }
  });
}

function openEarlier({ checkpoint, csv, record }: SavedRun) {
  const { events, seconds, warnings } = record;
  return { checkpoint, csv, record: { events, seconds, warnings } };
}

/** Asks for record and checkpoint and writes what comes; `failure` is why one of them did not. */
async function save(
  post: (message: ToWorker) => void,
  inbox: Inbox,
  directory: string | undefined,
): Promise<Outcome> {
  post({ type: 'record' });
  const answer = await inbox.next('record', 'error');
  if (answer.type === 'error') return { record: null, failure: answer };
  const { record, csv } = answer;
  if (directory === undefined) return { record, failure: null };
  post({ type: 'checkpoint' });
  const saved = await inbox.next('checkpoint', 'error');
  if (saved.type === 'checkpoint') {
    writeRun(directory, { record, csv, checkpoint: saved.bytes, files: saved.files });
    return { record, failure: null };
  }
  writeRun(directory, { record, csv });
  return { record, failure: saved };
}
