/** `lab run progress-measures` and `--export`: what they print, write and refuse. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/lab/run';
import type { ProgressMeasuresResults } from '../../src/lab/experiments/progress-results';
import { writeSafetensors } from '../../src/lab/safetensors';
import { readSafetensors } from '../../src/lab/safetensors-read';
import { callLab, lastObject, type Spoken } from './cli';
import { hookedState } from './transformer-lens-state';

const folder = mkdtempSync(join(tmpdir(), 'cusp-progress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trained = join(folder, 'trained');
const mlp = join(folder, 'mlp');
const demo = join(folder, 'demo.safetensors');
const network = { kind: 'transformer', width: 8, hidden: 12, heads: 2 };

function train(name: string, config: object, ...args: string[]): Promise<Spoken> {
  const path = join(folder, `${name}.json`);
  const training = { schema: 1, experiment: 'modular-addition', steps: 20, checkpointEvery: 10 };
  writeFileSync(path, JSON.stringify({ ...training, ...config }));
  return callLab(run, [path, '--runtime', 'cpu', ...args]);
}

beforeAll(async () => {
  const data = { modulus: 5, pairs: 'ordered' };
  const args = ['--out', trained, '--export', 'transformer-lens'];
  const spoken = await train('trained', { data, network, seed: 3 }, ...args);
  expect(spoken.code, spoken.stderr).toBe(0);
  expect(spoken.stderr).toContain('written: transformer-lens.safetensors');
  const other = await train('mlp', { data, network: { width: 4, hidden: 6 } }, '--out', mlp);
  expect(other.code, other.stderr).toBe(0);
  writeFileSync(demo, writeSafetensors(hookedState({ p: 5 })));
});

const measure = (...args: string[]): Promise<Spoken> =>
  callLab(run, ['progress-measures', '--runtime', 'cpu', ...args]);
const resultsOf = (spoken: Spoken): ProgressMeasuresResults => {
  expect(spoken.code, spoken.stderr).toBe(0);
  return lastObject(spoken)['results'] as ProgressMeasuresResults;
};
const read = (...path: string[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(...path)));

describe('progress-measures', () => {
  it('prints every measure of a run directory, whose series it follows', async () => {
    const out = join(folder, 'measured');
    const spoken = await measure('--checkpoint', trained, '--out', out);
    const results = resultsOf(spoken);
    expect(results).toMatchObject({
      names: 'cusp',
      step: 20,
      steps: [0, 10, 20],
      keyRule: 'final',
    });
    expect(results.split).toEqual({ from: 'file', train: 12, test: 13 });
    for (const [name, value] of Object.entries(results.measures)) {
      expect(spoken.stderr).toMatch(new RegExp(`^${name.replace(/[/.]/g, '.')} +\\S`, 'm'));
      expect(value, name).not.toBeNull();
    }
    expect(spoken.stderr).toMatch(
      /^transformer 8\/12 by the names of cusp, step 20, the last of 3/m,
    );
    expect(spoken.stderr).toMatch(/^12 pairs trained on and 13 not, as the file says$/m);
    expect(readdirSync(out).sort()).toEqual([
      'checkpoint.safetensors',
      'measures.safetensors',
      'metrics.csv',
      'run.json',
    ]);
    const lines = readFileSync(join(out, 'metrics.csv'), 'utf8').trimEnd().split('\n');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['0', '10', '20']);
    const { tensors, metadata } = readSafetensors(read(out, 'measures.safetensors'));
    expect(metadata.get('steps')).toBe('[0,10,20]');
    expect(tensors.get('restricted_loss')!.shape).toEqual([3]);
    expect(tensors.get('view.embedding_spectrum')!.shape).toEqual([3, 5]);
  });

  it('measures a TransformerLens file by itself and says what it had to assume', async () => {
    const spoken = await measure('--checkpoint', demo, '--set', 'data.fraction=0.6', '--quiet');
    expect(spoken.stderr).toBe('');
    const results = resultsOf(spoken);
    expect(results).toMatchObject({ names: 'transformer-lens', step: 0, steps: [0] });
    expect(results.split).toEqual({ from: 'configuration', train: 15, test: 10 });
    const { warnings, config } = lastObject(spoken) as { warnings: string[]; config: object };
    expect(config).toMatchObject({ checkpoint: demo, data: { fraction: 0.6, pairs: 'ordered' } });
    expect(warnings.join('\n')).toMatch(
      /IGNORE.*left out[^]*ReLU[^]*trust what is measured on all/,
    );
  });

  it('gives the same numbers for a run and for its export', async () => {
    const own = await measure('--checkpoint', join(trained, 'checkpoint.safetensors'), '--quiet');
    const theirs = join(trained, 'transformer-lens.safetensors');
    const exported = resultsOf(await measure('--checkpoint', theirs, '--quiet'));
    const { measures, split, keys, perFrequency } = resultsOf(own);
    expect(exported).toMatchObject({ step: 20, measures, split, keys, perFrequency });
  });

  it('takes given frequencies, and those of each checkpoint', async () => {
    const given = ['--checkpoint', trained, '--set', 'keys=2', '--quiet'];
    expect(resultsOf(await measure(...given))).toMatchObject({ keyRule: 'given', keys: [2] });
    const current = ['--checkpoint', trained, '--set', 'keys=current', '--quiet'];
    expect(resultsOf(await measure(...current)).keyRule).toBe('current');
  });

  it('goes on where a record of it was left', async () => {
    const out = join(folder, 'again');
    const first = resultsOf(await measure('--checkpoint', trained, '--out', out, '--quiet'));
    const resumed = await callLab(run, ['--resume', out, '--runtime', 'cpu', '--quiet']);
    expect(Object.keys(resultsOf(resumed).measures)).toEqual(Object.keys(first.measures));
  });
});

describe('--export transformer-lens', () => {
  it('gives back the bits of a TransformerLens file', async () => {
    const out = join(folder, 'exported');
    const args = ['--checkpoint', demo, '--export', 'transformer-lens', '--out', out];
    expect((await measure(...args, '--quiet')).code).toBe(0);
    const { tensors } = readSafetensors(read(out, 'transformer-lens.safetensors'));
    expect(Object.fromEntries(tensors)).toEqual(Object.fromEntries(hookedState({ p: 5 })));
  });

  it('writes a file for each of several replicas', async () => {
    const out = join(folder, 'replicas');
    const args = ['--replicas', '2', '--out', out, '--export', 'transformer-lens', '--quiet'];
    const spoken = await train(
      'replicas',
      { data: { modulus: 5, pairs: 'ordered' }, network },
      ...args,
    );
    expect(spoken.code, spoken.stderr).toBe(0);
    const embedding = (r: number) =>
      readSafetensors(read(out, `transformer-lens.${r}.safetensors`)).tensors.get('embed.W_E')!;
    const both = readSafetensors(read(out, 'checkpoint.safetensors')).tensors.get('embed.weight')!;
    expect([...embedding(0).data, ...embedding(1).data]).toEqual([...both.data]);
  });
});

const empty = join(folder, 'empty');
mkdirSync(empty);
const cut = join(folder, 'cut.safetensors');

describe('refused in one line, with nothing left behind', () => {
  const out = join(folder, 'refused');
  const lens = ['--export', 'transformer-lens'];
  const cases: readonly [string, () => string[], RegExp][] = [
    ['no checkpoint', () => ['progress-measures'], /checkpoint: none given; add --checkpoint/],
    [
      'a file that is not there',
      () => ['progress-measures', '--checkpoint', join(folder, 'none')],
      /checkpoint .*none: ENOENT/,
    ],
    [
      'a directory without one',
      () => ['progress-measures', '--checkpoint', empty],
      /checkpoint .*empty: no checkpoint.safetensors there/,
    ],
    [
      'a damaged file',
      () => {
        writeFileSync(cut, readFileSync(demo).subarray(0, 1000));
        return ['progress-measures', '--checkpoint', cut];
      },
      /BadCheckpoint: /,
    ],
    [
      'a checkpoint for an experiment that reads none',
      () => ['modular-addition.quick', '--checkpoint', demo],
      /--checkpoint .*: modular-addition reads none; use progress-measures/,
    ],
    [
      'a replica that is not there',
      () => ['progress-measures', '--checkpoint', trained, '--set', 'replica=1'],
      /replica: got 1: the checkpoint has 1/,
    ],
    [
      'a frequency beyond (p − 1)/2',
      () => ['progress-measures', '--checkpoint', trained, '--set', 'keys=1,3'],
      /keys: got 3: frequencies of p = 5 are 1 to 2/,
    ],
    [
      'words that are no frequencies',
      () => ['progress-measures', '--checkpoint', trained, '--set', 'keys=last'],
      /keys.*got .*: must be final, current or frequencies/,
    ],
    [
      'steps of what is not trained',
      () => ['progress-measures', '--checkpoint', trained, '--steps', '5'],
      /steps: no such setting/,
    ],
    [
      'an unknown format',
      () => ['modular-addition.transformer', '--out', out, '--export', 'onnx'],
      /--export onnx: must be transformer-lens/,
    ],
    [
      'an export to nowhere',
      () => ['modular-addition.transformer', ...lens],
      /--export transformer-lens: needs --out/,
    ],
    [
      'the export of an MLP, before it is trained',
      () => ['modular-addition.quick', '--out', out, ...lens],
      /network.kind: got mlp: TransformerLens has transformers only/,
    ],
    [
      'the export of a trained MLP',
      () => ['progress-measures', '--checkpoint', mlp, '--out', out, ...lens],
      /network.kind: got mlp/,
    ],
    [
      'the export of chains',
      () => ['llc.normal-crossing', '--out', out, ...lens],
      /--export transformer-lens: llc leaves no network/,
    ],
  ];
  it.each(cases)('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await callLab(run, [...args(), '--runtime', 'cpu']);
    const lines = stderr.trimEnd().split('\n').length;
    expect({ code, stdout, lines }, stderr).toEqual({ code: 2, stdout: '', lines: 1 });
    expect(stderr).toMatch(words);
    expect(existsSync(out)).toBe(false);
  });
});
