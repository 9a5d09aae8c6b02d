/**
 * A stored run of the page of tickets from a run directory:
 *
 *     npm run lab -- run tickets.quick --runtime node --out DIR
 *     node scripts/run.mjs scripts/reference-tickets.ts DIR demos/tickets/reference-quick.json
 *
 * With --config PRESET it writes the configuration of a preset of the page instead, for the first of these commands.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinEntries, separate } from '../demos/shared/staged-columns';
import { entrantsOf } from '../demos/tickets/entrants';
import { presets, settle, ticketsOf } from '../demos/tickets/setup';
import { spectrumFrom } from '../demos/tickets/spectrum';
import { writeStory } from '../demos/tickets/stored-write';
import type { Story } from '../demos/tickets/story';
import { readCheckpoint } from '../src/lab/checkpoint';
import { parseCsv } from '../src/lab/csv-read';
import { planTickets } from '../src/lab/experiments/tickets-plan';
import type { RunRecord } from '../src/lab/record';
import { STAGES } from '../src/lab/files';
import { readStages } from '../src/lab/stages-read';

const [first, second, third] = process.argv.slice(2);
if (first === undefined || second === undefined) {
  console.error('usage: node scripts/run.mjs scripts/reference-tickets.ts DIR FILE');
  console.error('       node scripts/run.mjs scripts/reference-tickets.ts --config PRESET FILE');
  process.exit(2);
}
if (first === '--config') writeConfig(second, third ?? '');
else writeReference(first, second);

function writeConfig(preset: string, target: string): void {
  const config = presets.get(preset);
  if (config === undefined) throw new Error(`the page has ${[...presets.keys()].join(', ')}`);
  writeFileSync(target, `${JSON.stringify(settle(config), null, 2)}\n`);
}

function writeReference(directory: string, target: string): void {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(directory, name)));
  const record = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as RunRecord;
  const config = ticketsOf(record.config);
  const { stages } = planTickets(config, 0);
  const { done, current } = readStages(read(STAGES));
  const { layout, checkpoints } = done[0]!.outcome;
  const { stride, places } = layout;
  const last = readCheckpoint(
    read('checkpoint.safetensors'),
    layout,
    stages[current.index]!.entries.length,
    ['exp_avg', 'exp_avg_sq'],
  );

  /** A network's own part of what its stage kept for all of them. */
  const partOf = (entry: number, pick: (stage: number) => ArrayLike<number> | undefined) => {
    const stage = stages.findIndex(({ entries }) => entries.includes(entry));
    const replica = stages[stage]?.entries.indexOf(entry) ?? 0;
    const all = pick(stage);
    return all === undefined
      ? null
      : Array.from({ length: stride }, (_, k) => all[replica * stride + k] ?? 0);
  };
  const story: Story = {
    config: record.config,
    entrants: entrantsOf(record.config),
    columns: separate(joinEntries(readColumns(directory))),
    places,
    weights: (step) => checkpoints.find((one) => one.step === step)?.parameters ?? null,
    mask: (entry) => partOf(entry, (stage) => (done[stage]?.outcome ?? current).keep['masks']),
    spectrum(entry) {
      const weights = partOf(
        entry,
        (stage) => done[stage]?.outcome.checkpoints.at(-1)?.parameters ?? last.parameters,
      );
      const own = stages.findIndex(({ entries }) => entries.includes(entry));
      return weights === null ? null : spectrumFrom(weights, places, stages[own]?.steps ?? 0);
    },
    left: () => null,
    llc: () => null,
    stored: false,
  };
  const { adapter, events, results } = record;
  const file = writeStory(story, { adapter, events, results });
  writeFileSync(target, `${JSON.stringify(file)}\n`);
}

function readColumns(directory: string) {
  const { columns, rows } = parseCsv(readFileSync(join(directory, 'metrics.csv'), 'utf8'));
  return {
    steps: rows.map(([step]) => step ?? 0),
    values: new Map(
      columns
        .slice(1)
        .map((name, k) => [name, rows.map((row) => (row[k + 1] == null ? [] : [row[k + 1]!]))]),
    ),
  };
}
