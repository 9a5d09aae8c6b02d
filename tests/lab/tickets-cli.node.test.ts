/** A tickets run from the command line: its directory, going on with other tickets, refusals. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/lab/run';
import type { TicketsResults } from '../../src/lab/experiments/tickets-results';
import { readStages } from '../../src/lab/stages-read';
import { callLab, lastObject, type Spoken } from './cli';

const folder = mkdtempSync(join(tmpdir(), 'cusp-tickets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = {
  schema: 1,
  experiment: 'tickets',
  data: { modulus: 7 },
  network: { width: 8, hidden: 6 },
  base: { steps: 20, keepEvery: 10 },
  steps: 10,
  evaluateEvery: 5,
  variants: [{}, { method: 'random' }],
};

function lab(more: object, ...args: string[]): Promise<Spoken> {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ ...config, ...more }));
  return callLab(run, [path, '--runtime', 'cpu', '--quiet', ...args]);
}

const table = (directory: string): string[][] =>
  readFileSync(join(directory, 'metrics.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((row) => row.split(','));

describe('lab run of tickets', () => {
  it('writes the directory of a run, and trains the base no second time for other tickets', async () => {
    const directory = join(folder, 'whole');
    const spoken = await lab({}, '--out', directory);
    expect(spoken.code, spoken.stderr).toBe(0);
    const record = lastObject(spoken);
    expect(record).toMatchObject({ experiment: 'tickets', steps: 30, warnings: [] });
    const { base, variants } = record['results'] as TicketsResults;
    expect(base.taken).toBe(20);
    expect(variants.map(({ name, taken }) => [name, taken])).toEqual([
      ['magnitude 0.6', 10],
      ['random 0.6', 10],
    ]);
    for (const file of ['run.json', 'metrics.csv', 'checkpoint.safetensors', 'stages.safetensors'])
      expect(existsSync(join(directory, file))).toBe(true);
    const stages = readStages(new Uint8Array(readFileSync(join(directory, 'stages.safetensors'))));
    expect(stages.done[0].outcome.checkpoints.map(({ step }) => step)).toEqual([0, 10, 20]);
    expect(stages.current.index).toBe(1);
    // The masks of the last stage too, for whoever carries them away.
    const { offset, size } = stages.done[0].outcome.layout.places[0];
    const { masks } = stages.current.keep;
    const { tensors } = variants[0].density!;
    const kept = masks.subarray(offset, offset + size).reduce((sum, bit) => sum + bit, 0);
    expect(kept / size).toBeCloseTo(tensors['embed.weight'], 6);
    const before = table(directory);

    const again = await callLab(run, [
      ...['--resume', directory, '--runtime', 'cpu', '--quiet', '--steps', '15'],
    ]);
    expect(again.code, again.stderr).toBe(0);
    const longer = lastObject(again);
    expect(longer['steps']).toBe(35);
    expect((longer['results'] as TicketsResults).variants[0].taken).toBe(15);
    // Masks come from the same base, so that tickets do the same as far as they went before.
    const after = table(directory);
    const [head, ...rows] = before;
    expect(after[0]).toEqual(head);
    rows.forEach((row, at) => {
      if (Number(row[0]) <= 10) return expect(after[1 + at]).toEqual(row);
      head.forEach((name, k) => name.endsWith('.0') && expect(after[1 + at][k]).toBe(row[k]));
    });
    expect(after).toHaveLength(before.length);
    expect(after.filter((row) => row[2] !== '')).toHaveLength(1 + 4);
  });

  it('refuses what cannot be trained before it trains, with exit code 2', async () => {
    const late = await lab({ variants: [{ sourceStep: 21 }] });
    expect(late.code).toBe(2);
    expect(late.stderr).toMatch(/variants\.0\.sourceStep: got 21: the base takes 20 steps/);
    const unknown = await lab({ variants: [{ method: 'wishful' }] });
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('variants.0.method');
  });
});
