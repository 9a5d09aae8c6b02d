/**
 * The stored run of the lottery page from a run directory:
 *
 *     npm run lab -- run lottery.digits --runtime node --out DIR
 *     node scripts/run.mjs scripts/reference-lottery.ts DIR demos/lottery/reference-digits.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRound } from '../demos/lottery/masks';
import { joinEntries } from '../demos/shared/staged-columns';
import { writeLottery, writeMasks } from '../demos/lottery/stored-file';
import { parseCsv } from '../src/lab/csv-read';
import { lottery } from '../src/lab/experiments/lottery';
import { STAGES } from '../src/lab/files';
import type { RunRecord } from '../src/lab/record';
import { readStages } from '../src/lab/stages-read';

const [directory, target] = process.argv.slice(2);
if (directory === undefined || target === undefined) {
  console.error('usage: node scripts/run.mjs scripts/reference-lottery.ts DIR FILE');
  process.exit(2);
}
const record = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as RunRecord;
const { columns: names, rows } = parseCsv(readFileSync(join(directory, 'metrics.csv'), 'utf8'));
const columns = joinEntries({
  steps: rows.map(([step]) => step ?? 0),
  values: new Map(
    names
      .slice(1)
      .map((name, k) => [name, rows.map((row) => (row[k + 1] === null ? [] : [row[k + 1] ?? 0]))]),
  ),
});
const config = lottery.parse(record.config);
const model = lottery.build(config);
const done = readStages(new Uint8Array(readFileSync(join(directory, STAGES)))).done.map(
  ({ outcome }) => outcome,
);
const masks = [];
for (let round = 1; round <= config.rounds; round++) {
  const { views = {} } = await model.build(round, done, undefined as never);
  const of = (name: string) => ({
    step: round,
    ...(views[name] ?? { shape: [], data: new Float32Array() }),
  });
  masks.push(readRound(round, of('pixels'), of('first')));
}
const { adapter, results } = record;
const file = writeLottery({ config: record.config, adapter, columns, results }, writeMasks(masks));
writeFileSync(target, `${JSON.stringify(file)}\n`);
