/** Runs that several claims share are carried out once a command. */
import type { RunRecord } from '../../src/lab/record';
import { carryOut } from '../lab/run';
import type { Runtime } from '../lab/usage';

/** Throws the run's own message where there is no record. */
export function createRunner(runtime: Runtime): (config: object) => Promise<RunRecord> {
  const known = new Map<string, Promise<RunRecord>>();
  return (config) => {
    const key = JSON.stringify(config);
    let found = known.get(key);
    if (!found) known.set(key, (found = runOnce(config, runtime)));
    return found;
  };
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
