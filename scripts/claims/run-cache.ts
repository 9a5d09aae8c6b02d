/** Runs that several claims share are carried out once a command, and with a directory once for all commands that name it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExperiment } from '../../src/lab/experiments';
import { ENGINE_VERSION } from '../../src/lab/version';
import type { RunRecord } from '../../src/lab/record';
import { carryOut } from '../lab/run';
import type { Runtime } from '../lab/usage';

/** Throws the run's own message where there is no record. */
export function createRunner(
  runtime: Runtime,
  directory?: string,
): (config: object) => Promise<RunRecord> {
  const known = new Map<string, Promise<RunRecord>>();
  return (config) => {
    // Complete, so that a default that changes makes another run.
    const key = JSON.stringify(findExperiment(config).parse(config));
    let found = known.get(key);
    if (!found) {
      found = directory === undefined ? runOnce(config, runtime) : recall(key, config);
      known.set(key, found);
    }
    return found;
  };

  /** From the directory, where a run of the same configuration, runtime and version has left its record. */
  async function recall(key: string, config: object): Promise<RunRecord> {
    const name = createHash('sha256').update(`${ENGINE_VERSION} ${runtime} ${key}`).digest('hex');
    const path = join(directory!, `${name.slice(0, 16)}.json`);
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
    const record = await runOnce(config, runtime);
    mkdirSync(directory!, { recursive: true });
    writeFileSync(path, `${JSON.stringify(record)}\n`);
    return record;
  }
}

async function runOnce(config: object, runtime: Runtime): Promise<RunRecord> {
  const { record, failure } = await carryOut({
    config,
    runtime,
    directory: undefined,
    earlier: undefined,
    source: {},
    quiet: true,
  });
  if (!record || failure) throw new Error(failure?.message ?? 'the run gave no record');
  return record;
}
