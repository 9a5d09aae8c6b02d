/** Bad input: one line on stderr that names the field, exit code 2, nothing on stdout, nothing left behind. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../../scripts/lab/check';
import { devices } from '../../scripts/lab/devices';
import { list } from '../../scripts/lab/list';
import { run } from '../../scripts/lab/run';
import { writeSafetensors } from '../../src/lab/safetensors';
import { readSafetensors } from '../../src/lab/safetensors-read';
import { callLab, type Spoken } from './cli';

const folder = mkdtempSync(join(tmpdir(), 'cusp-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const PRESET = 'modular-addition.quick';
const tiny = [
  '--set',
  'data.modulus=5',
  '--set',
  'data.pairs=ordered',
  '--set',
  'network.width=8',
  '--runtime',
  'cpu',
];

function refused({ code, stdout, stderr }: Spoken, words: RegExp): void {
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }, stderr).toEqual({
    code: 2,
    stdout: '',
    lines: 1,
  });
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
}

const set = (assignment: string): string[] => [PRESET, '--runtime', 'cpu', '--set', assignment];
const json = (content: string): string[] => [file('bad.json', content), '--runtime', 'cpu'];

const table: readonly [what: string, args: () => string[], words: RegExp][] = [
  ['nothing to run', () => [], /which experiment\? give a preset/],
  ['two presets', () => [PRESET, PRESET], /one preset or file at a time/],
  [
    'an unknown preset',
    () => ['modular-addition.quik'],
    /preset: no preset is called "modular-addition.quik".*Did you mean modular-addition.quick\?/,
  ],
  ['an unknown option', () => [PRESET, '--sed', '3'], /--sed/],
  ['an option without its value', () => [PRESET, '--seed'], /--seed/],
  [
    'an unknown key',
    () => set('optimizer.lrr=1'),
    /optimizer.lrr: no such setting. Did you mean optimizer.lr\?/,
  ],
  ['a prototype', () => set('__proto__.polluted=1'), /__proto__.polluted: no such setting/],
  ['a group', () => set('optimizer=1'), /optimizer: is a group/],
  ['--set without =', () => set('optimizer.lr'), /--set optimizer.lr: must be path=value/],
  [
    'a word for a number',
    () => set('optimizer.lr=fast'),
    /optimizer.lr: got "fast": must be a number/,
  ],
  [
    'a word that is no choice',
    () => set('network.kind=transfomer'),
    /network.kind: got "transfomer".*Did you mean transformer\?/,
  ],
  [
    'a fraction of a unit',
    () => set('network.width=8.5'),
    /network.width: got 8.5: must be a whole number/,
  ],
  ['a size of 0', () => set('network.width=0'), /network.width: got 0: must be at least 1/],
  ['a negative size', () => set('network.width=-4'), /network.width: got -4: must be at least 1/],
  ['NaN', () => set('optimizer.lr=NaN'), /optimizer.lr: got "NaN"/],
  ['Infinity', () => set('optimizer.lr=Infinity'), /optimizer.lr: got "Infinity"/],
  ['1e99', () => set('network.width=1e99'), /network.width: got 1e\+99: must be/],
  ['1e999', () => set('network.width=1e999'), /network.width: got Infinity: must be/],
  ['hexadecimal', () => set('network.width=0x10'), /network.width: got "0x10"/],
  ['steps of 0', () => [PRESET, '--steps', '0'], /--steps 0: must be a whole number of at least 1/],
  ['steps of 1.5', () => [PRESET, '--steps', '1.5'], /--steps 1.5: must be a whole number/],
  ['replicas of nothing', () => [PRESET, '--replicas', ''], /--replicas : must be a whole number/],
  [
    'too many replicas',
    () => [PRESET, '--replicas', '5000'],
    /replicas: got 5000: must be at most 4096/,
  ],
  [
    'a seed beyond 32 bits',
    () => [PRESET, '--seed', '4294967296'],
    /seed: got 4294967296: must be at most 4294967295/,
  ],
  [
    'an unknown runtime',
    () => [PRESET, ...tiny, '--runtime', 'gpu'],
    /--runtime gpu: must be one of chrome, node, cpu/,
  ],
  [
    'heads that do not divide the width',
    () => [...set('network.kind=transformer'), '--set', 'network.heads=3'],
    /network.heads/,
  ],
  [
    'more than fits',
    () => [
      ...set('network.width=4096'),
      ...['--set', 'network.hidden=1024', '--set', 'measures=null', '--replicas', '64'],
    ],
    /LimitExceeded: 64 replicas of \d+ parameters.*Lower replicas to \d+/,
  ],
  [
    'more than measures can look at',
    () => [...set('network.width=4096'), '--replicas', '64'],
    /replicas: got 64: the tables of all p² inputs.*leave the measures out \(measures=null\)/,
  ],
  ['a file that is not there', () => [join(folder, 'none.json')], /none.json: ENOENT/],
  ['malformed JSON', () => json('{ "experiment": '), /bad.json: .*JSON/],
  ['JSON that is no object', () => json('[1]'), /bad.json: must be a JSON object/],
  ['a file without an experiment', () => json('{ "schema": 1 }'), /experiment: missing: known are/],
  [
    'a file of an unknown kind',
    () => json('{ "schema": 1, "experiment": "modular-adition" }'),
    /experiment: no kind of experiment is called "modular-adition".*Did you mean/,
  ],
  [
    'an unknown key in a file',
    () => json('{ "schema": 1, "experiment": "modular-addition", "data": { "modulos": 7 } }'),
    /data.modulos: unknown key. Did you mean modulus\?/,
  ],
  [
    'a schema of the future',
    () => json('{ "schema": 2, "experiment": "modular-addition" }'),
    /schema: got 2: must be at most 1/,
  ],
  [
    '--resume of nothing',
    () => ['--resume', join(folder, 'nowhere')],
    /--resume .*nowhere: no .* there/,
  ],
  ['--resume and a preset', () => [PRESET, '--resume', join(folder, 'nowhere')], /--resume/],
  [
    '--out below a file',
    () => [PRESET, ...tiny, '--out', join(file('a-file', ''), 'run')],
    /--out .*a-file.run: /,
  ],
  [
    '--plan on the CPU',
    () => [PRESET, '--runtime', 'cpu', '--plan'],
    /--plan: the CPU reference has no plan/,
  ],
];

describe('lab run refuses', () => {
  it.each(table)('%s', async (_, args, words) => {
    refused(await callLab(run, args()), words);
  });
});

describe('other commands refuse', () => {
  it('options they do not know, and checks of the CPU', async () => {
    refused(await callLab(list, ['--all']), /--all/);
    refused(await callLab(devices, ['--all']), /--all/);
    refused(
      await callLab(check, ['--runtime', 'cpu']),
      /--runtime cpu: the check compares a device with the CPU/,
    );
    refused(await callLab(check, ['--rounds', '0']), /--rounds 0/);
  });
});

describe('lab run --resume refuses', () => {
  const directory = join(folder, 'saved');
  const path = (name: string): string => join(directory, name);
  const resume = (): Promise<Spoken> =>
    callLab(run, ['--resume', directory, '--runtime', 'cpu', '--steps', '6', '--quiet']);

  async function save(): Promise<{
    checkpoint: Uint8Array<ArrayBuffer>;
    record: Record<string, unknown>;
  }> {
    rmSync(directory, { recursive: true, force: true });
    const { code } = await callLab(run, [
      PRESET,
      ...tiny,
      '--steps',
      '4',
      '--out',
      directory,
      '--quiet',
    ]);
    expect(code).toBe(0);
    const { readFileSync } = await import('node:fs');
    const record = JSON.parse(readFileSync(path('run.json'), 'utf8')) as Record<string, unknown>;
    return { checkpoint: new Uint8Array(readFileSync(path('checkpoint.safetensors'))), record };
  }

  it('a checkpoint that was cut short, or is of another network', async () => {
    const { checkpoint } = await save();
    writeFileSync(path('checkpoint.safetensors'), checkpoint.subarray(0, checkpoint.length - 100));
    refused(await resume(), /BadCheckpoint: /);
    writeFileSync(path('checkpoint.safetensors'), '');
    refused(await resume(), /BadCheckpoint: /);
    const { tensors, metadata } = readSafetensors(checkpoint);
    const [name, tensor] = [...tensors].find(([, { shape }]) => shape.length === 2)!;
    tensors.set(name, { ...tensor, shape: [...tensor.shape].reverse() });
    writeFileSync(
      path('checkpoint.safetensors'),
      writeSafetensors(tensors, Object.fromEntries(metadata)),
    );
    refused(await resume(), new RegExp(`BadCheckpoint: tensor '${name}'`));
    expect(existsSync(path('metrics.csv'))).toBe(true);
  });

  it('a record that is missing, damaged or something else', async () => {
    const { record } = await save();
    writeFileSync(path('run.json'), '{');
    refused(await resume(), /run.json is not JSON/);
    writeFileSync(path('run.json'), JSON.stringify({ ...record, schema: 9 }));
    refused(await resume(), /run.json is no run record of schema 1/);
    writeFileSync(
      path('run.json'),
      JSON.stringify({ ...record, config: { ...(record.config as object), extra: 1 } }),
    );
    refused(await resume(), /extra: unknown key/);
    rmSync(path('run.json'));
    refused(await resume(), /no run.json there/);
  });

  it('a table that is damaged', async () => {
    await save();
    writeFileSync(path('metrics.csv'), 'step,train_loss\n0,one\n');
    refused(await resume(), /./);
  });
});
