/** The contract of DESIGN §7, held against the command line as a script would use it: in a process of its own. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run as runCommand } from '../../scripts/lab/run';
import { presets } from '../../src/lab/experiments';
import { readSafetensors } from '../../src/lab/safetensors-read';
import { callLab, lastObject, spawnLab, type Spoken } from './cli';

const folder = mkdtempSync(join(tmpdir(), 'cusp-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RECORD = [
  'schema',
  'engine',
  'experiment',
  'config',
  'seed',
  'adapter',
  'steps',
  'seconds',
  'stepsPerSecond',
  'metrics',
  'events',
  'results',
  'warnings',
];
const METRICS = ['train_loss', 'test_loss', 'train_accuracy', 'test_accuracy', 'weight_norm'];

/** 25 pairs and ten hidden units: a step costs next to nothing in any runtime. */
const tiny = [
  'data.modulus=5',
  'data.pairs=ordered',
  'network.width=8',
  'network.hidden=10',
  'evaluateEvery=10',
].flatMap((assignment) => ['--set', assignment]);
const run = (...args: string[]): Promise<Spoken> => spawnLab('run', ...args);

function holdsRecord(spoken: Spoken, runtime: string, steps: number): Record<string, unknown> {
  expect(spoken.stdout.trimEnd().split('\n').length, spoken.stderr).toBe(1);
  const record = lastObject(spoken);
  expect(Object.keys(record)).toEqual(RECORD);
  expect(record).toMatchObject({
    schema: 1,
    experiment: 'modular-addition',
    steps,
    adapter: { runtime },
  });
  expect(Object.keys(record['adapter'] as object).sort()).toEqual([
    'architecture',
    'description',
    'fallback',
    'runtime',
    'vendor',
  ]);
  expect(Object.keys(record['metrics'] as object).slice(0, METRICS.length)).toEqual(METRICS);
  return record;
}

const read = (directory: string, name: string): Buffer => readFileSync(join(directory, name));

describe('lab', () => {
  it('lists the presets with a sentence each', async () => {
    const spoken = await spawnLab('list');
    expect(spoken.code).toBe(0);
    expect(lastObject(spoken)).toEqual({
      presets: presets.map(({ name, summary }) => ({ name, summary })),
    });
    const lines = spoken.stderr.split('\n');
    for (const { name, summary } of presets)
      expect(lines.some((line) => line.startsWith(`${name} `) && line.endsWith(summary))).toBe(
        true,
      );
  }, 30_000);

  it('refuses commands and presets it does not know with exit code 2 and one line', async () => {
    const all = [['train'], ['run', 'modular-addition.quik']].map((args) => spawnLab(...args));
    for (const { code, stdout, stderr } of await Promise.all(all)) {
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr.trimEnd().split('\n').length).toBe(1);
    }
  });

  it('checks kernels against float64 and says so row by row', async () => {
    const spoken = await spawnLab('check', 'toFloat', '--runtime', 'node', '--rounds', '1');
    expect(spoken.code, spoken.stderr).toBe(0);
    const { runtime, passed, failed, rows } = lastObject(spoken) as unknown as {
      runtime: string;
      passed: number;
      failed: number;
      rows: Record<string, unknown>[];
    };
    expect({ runtime, failed }).toEqual({ runtime: 'node', failed: 0 });
    expect(passed).toBe(rows.length);
    expect(rows[0]).toMatchObject({ name: 'toFloat', passed: true });
    expect(spoken.stderr).toMatch(/^ok {3}toFloat /m);
  });

  it('says what each runtime sees', async () => {
    const spoken = await spawnLab('devices');
    expect(spoken.code).toBe(0);
    const found = lastObject(spoken) as Record<string, Record<string, unknown>>;
    expect(Object.keys(found)).toEqual(['chrome', 'node', 'cpu']);
    for (const runtime of ['chrome', 'node']) {
      expect(found[runtime], spoken.stderr).toHaveProperty('adapter.fallback');
      expect(found[runtime]['limits']).toHaveProperty('maxStorageBuffersPerShaderStage');
    }
  });
});

describe('lab run', () => {
  it('writes a run directory; progress goes to stderr, the record to stdout', async () => {
    const directory = join(folder, 'two');
    const spoken = await run(
      'modular-addition.quick',
      ...tiny,
      '--runtime',
      'cpu',
      '--replicas',
      '2',
      '--seed',
      '7',
      '--steps',
      '25',
      '--out',
      directory,
    );
    expect(spoken.code, spoken.stderr).toBe(0);
    const record = holdsRecord(spoken, 'cpu', 25);
    expect(spoken.stderr).toMatch(/step 25 of 25 .* left/);
    expect(readdirSync(directory).sort()).toEqual([
      'checkpoint.safetensors',
      'metrics.csv',
      'run.json',
    ]);
    expect(JSON.parse(read(directory, 'run.json').toString())).toEqual(record);

    expect(record).toMatchObject({
      seed: 7,
      config: { replicas: 2, steps: 25, optimizer: { lr: 0.01 } },
    });
    const metrics = record['metrics'] as Record<string, unknown>;
    for (const name of METRICS) expect(metrics[name]).toHaveLength(2);
    const [header, ...rows] = read(directory, 'metrics.csv').toString().trimEnd().split('\n');
    const columns = METRICS.flatMap((name) => [`${name}.0`, `${name}.1`]);
    expect(header.split(',').slice(0, 1 + columns.length)).toEqual(['step', ...columns]);
    expect(header).toContain(',restricted_loss.0,restricted_loss.1,');
    expect(rows.map((row) => row.split(',')[0])).toEqual(['0', '10', '20', '25']);
    const { tensors, metadata } = readSafetensors(
      new Uint8Array(read(directory, 'checkpoint.safetensors')),
    );
    expect(tensors.get('embed.weight')!.shape).toEqual([2, 5, 8]);
    expect(metadata.get('step')).toBe('25');
  });

  it('in a file means what it means as a preset with --set, and --quiet says nothing', async () => {
    const path = join(folder, 'file.json');
    const config = {
      schema: 1,
      experiment: 'modular-addition',
      steps: 10,
      data: { modulus: 5, pairs: 'ordered' },
      network: { width: 8, hidden: 10 },
      evaluateEvery: 10,
      measures: {},
    };
    writeFileSync(path, JSON.stringify(config));
    const call = (...args: string[]): Promise<Spoken> =>
      callLab(runCommand, [...args, '--runtime', 'cpu', '--quiet']);
    const file = await call(path);
    const preset = await call('modular-addition.quick', ...tiny, '--steps', '10');
    expect([file.stderr, preset.stderr]).toEqual(['', '']);
    const same = ({ config: given, metrics, events }: Record<string, unknown>) => ({
      given,
      metrics,
      events,
    });
    expect(same(lastObject(file))).toEqual(same(lastObject(preset)));
  });

  it('that diverges exits 1, names step and replica, and keeps its directory', async () => {
    const directory = join(folder, 'diverged');
    const spoken = await run(
      'modular-addition.quick',
      ...tiny,
      '--set',
      'optimizer.kind=sgd',
      '--set',
      'optimizer.lr=100',
      '--set',
      'optimizer.weightDecay=1',
      '--steps',
      '400',
      '--runtime',
      'cpu',
      '--out',
      directory,
    );
    expect(spoken.code, spoken.stderr).toBe(1);
    expect(spoken.stderr).toMatch(
      /Diverged: step \d+, replica 0: a value is no longer finite\. Lower the learning rate/,
    );
    const record = lastObject(spoken);
    expect(record['events']).toContainEqual({
      name: 'diverged',
      step: expect.any(Number) as number,
      replica: 0,
    });
    expect(existsSync(join(directory, 'checkpoint.safetensors'))).toBe(true);
    expect(JSON.parse(read(directory, 'run.json').toString())).toEqual(record);
    expect(read(directory, 'metrics.csv').toString()).toMatch(/^step,train_loss,.*\n0,/);
  });

  it('uses Chrome unless told otherwise', async () => {
    // Without measures, whose many kernels would take most of the time.
    const light = [...tiny, '--set', 'measures=null', '--steps', '30'];
    const spoken = await run('modular-addition.quick', ...light);
    expect(spoken.code, spoken.stderr).toBe(0);
    holdsRecord(spoken, 'chrome', 30);
  });
});

describe('lab run --plan', () => {
  it('shows what a step launches, without running it', async () => {
    const spoken = await run('modular-addition.quick', ...tiny, '--runtime', 'node', '--plan');
    expect(spoken.code, spoken.stderr).toBe(0);
    const { phases, kernels, bytes } = lastObject(spoken) as unknown as {
      phases: { name: string; launches: number; flops: number }[];
      kernels: number;
      bytes: number;
    };
    expect(phases.map(({ name }) => name)).toEqual(['step', 'metrics', 'views', 'measures']);
    for (const { launches, flops } of phases) {
      expect(launches).toBeGreaterThan(0);
      expect(flops).toBeGreaterThan(0);
    }
    expect(kernels).toBeGreaterThan(5);
    expect(bytes).toBeGreaterThan(1000);
  });
});

describe('lab run --resume', () => {
  const node = [...tiny, '--runtime', 'node', '--set', 'batchSize=8'];

  it('ends with the bits of an uninterrupted run, and with its table', async () => {
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    const [once, first] = await Promise.all([
      run('modular-addition.quick', ...node, '--steps', '60', '--out', whole),
      run('modular-addition.quick', ...node, '--steps', '35', '--out', parts),
    ]);
    expect(once.code, once.stderr).toBe(0);
    holdsRecord(once, 'node', 60);
    expect(first.code, first.stderr).toBe(0);
    const resumed = await run('--resume', parts, '--steps', '60', '--runtime', 'node');
    expect(resumed.code, resumed.stderr).toBe(0);
    holdsRecord(resumed, 'node', 60);
    expect(
      read(parts, 'checkpoint.safetensors').equals(read(whole, 'checkpoint.safetensors')),
    ).toBe(true);

    const table = (directory: string): string[] =>
      read(directory, 'metrics.csv').toString().trimEnd().split('\n');
    // The first part also measured at its own last step.
    expect(table(parts).filter((row) => !row.startsWith('35,'))).toEqual(table(whole));
    const [before, after] = [lastObject(once), lastObject(resumed)];
    expect(after['events']).toEqual(before['events']);
    expect(after['metrics']).toEqual(before['metrics']);
  }, 240_000);
});
