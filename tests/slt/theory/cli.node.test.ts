/** `lab theory`: the last line is one JSON object; bad input is one line on stderr that names the field, exit code 2. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { theory } from '../../../scripts/lab/theory';
import { callLab, lastObject, spawnLab, type Spoken } from '../../lab/cli';

const ask = (...args: string[]): Promise<Spoken> => callLab(theory, args);

async function answer(...args: string[]): Promise<Record<string, unknown>> {
  const spoken = await ask(...args);
  expect(spoken.stderr).toMatch(/^λ .+\n$/);
  expect(spoken.code).toBe(0);
  expect(spoken.stdout.trimEnd().split('\n')).toHaveLength(1);
  return lastObject(spoken);
}

const CROSSING = '[{"coefficient":1,"powers":[2,2]}]';

describe('answers', () => {
  it('linear networks', async () => {
    const found = await answer('linear-network', '--widths', '5,5,5', '--rank', '1');
    expect(found).toMatchObject({
      kind: 'linear-network',
      widths: [5, 5, 5],
      rank: 1,
      parameters: 50,
      lambda: 10.5,
      lambdaExact: '21/2',
      multiplicity: 1,
      thermal: null,
    });
    expect(found.reason).toMatch(/--nbeta/);
    expect(found).not.toHaveProperty('law');
  });

  it('reduced-rank regression, with the law', async () => {
    const sizes = ['--input', '5', '--hidden', '3', '--output', '5', '--rank', '0'];
    const found = await answer('reduced-rank', ...sizes, '--nbeta', '1000');
    expect(found).toMatchObject({ lambdaExact: '13/2', multiplicity: 2, thermal: null });
    expect(found.law).toBeCloseTo(6.5 - 1 / Math.log(1000), 12);
    expect(found.reason).toMatch(/reduced-rank/);
    expect((await answer('reduced-rank', ...sizes, '--nbeta', '1')).law).toBeNull();
  });

  it('tanh networks', async () => {
    expect(await answer('tanh', '--hidden', '3')).toMatchObject({
      lambda: 5 / 6,
      lambdaExact: '5/6',
      multiplicity: 1,
    });
    const one = await answer('tanh', '--hidden', '1', '--nbeta', '1e5');
    expect(one.thermal).toMatchObject({ nbeta: 1e5, localization: 1 });
    expect((one.thermal as { value: number }).value).toBeCloseTo(0.434, 3);
  });

  it('superposition', async () => {
    const found = await answer('superposition', '--features', '6', '--state', '5+');
    expect(found).toMatchObject({ lambdaExact: '17/2', flat: 1, deadBiases: [], thermal: null });
    expect(found.loss).toBeCloseTo(0.0618, 5);
    const saddle = await answer('superposition', '--features', '7', '--state', '5+');
    expect(saddle).toMatchObject({ lambda: null, lambdaExact: null, multiplicity: null });
    expect(saddle.reason).toMatch(/saddle/);
  });

  it('potentials', async () => {
    const at1000 = ['--nbeta', '1000', '--localization', '1'];
    const found = await answer('potential', '--terms', CROSSING, ...at1000);
    expect(found).toMatchObject({ lambdaExact: '1/2', multiplicity: 2, at: [0, 0] });
    expect((found.thermal as { value: number }).value).toBeCloseTo(0.3903, 4);
    expect(found).not.toHaveProperty('reason');
    const elsewhere = await answer('potential', '--terms', CROSSING, '--at', '-1,0');
    expect(elsewhere).toMatchObject({ at: [-1, 0], lambdaExact: '1/2', multiplicity: 1 });
    const slope = await answer('potential', '--terms', CROSSING, '--at', '[1, 1]');
    expect(slope).toMatchObject({ lambda: null });
    expect(slope.reason).toMatch(/gradient/);
    const spread = await answer(
      'potential',
      '--terms',
      CROSSING,
      '--nbeta',
      '9',
      '--localization',
      '0',
    );
    expect(spread).toMatchObject({ thermal: null });
    expect(spread.reason).toMatch(/integral/);
  });

  it('quadratics', async () => {
    const settings = ['--eigenvalues', '1,2', '--nbeta', '100', '--localization', '0'];
    const found = await answer('quadratic', ...settings, '--lr', '1e-3');
    expect(found).toMatchObject({ lambda: 1, lambdaExact: '1', multiplicity: 1 });
    const { value, continuous } = found.thermal as { value: number; continuous: number };
    expect(value).toBeCloseTo(0.5 / 0.975 + 0.5 / 0.95, 12);
    expect(continuous).toBe(1);
    const limit = await answer('quadratic', ...settings);
    expect(limit.thermal).toMatchObject({ value: 1 });
  });

  it('through the command itself', async () => {
    const spoken = await spawnLab('theory', 'tanh', '--hidden', '4');
    expect(spoken.code).toBe(0);
    expect(lastObject(spoken)).toMatchObject({ kind: 'tanh', lambdaExact: '1', multiplicity: 2 });
    const refused = await spawnLab('theory', 'tanh', '--hidden', '0');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/^BadConfig: hidden: got 0: .+\n$/);
  });
});

it('the example of the README prints what it says', async () => {
  const home = new URL('../../../src/slt/theory/', import.meta.url);
  const readme = readFileSync(new URL('README.md', home), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1];
  const expected = [...code.matchAll(/console\.log.*\/\/ (.+)/g)].map(([, printed]) => printed);
  const folder = mkdtempSync(join(tmpdir(), 'cusp-theory-'));
  try {
    const file = join(folder, 'example.ts');
    writeFileSync(
      file,
      code.replace("'./index'", JSON.stringify(fileURLToPath(new URL('index.ts', home)))),
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['scripts/run.mjs', file]);
    const printed = stdout.trimEnd().split('\n');
    expect(printed).toHaveLength(expected.length);
    printed.forEach((line, i) =>
      expect(line.startsWith(expected[i]) || Number(line).toFixed(4) === expected[i], line).toBe(
        true,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('bad input', () => {
  const network = ['linear-network', '--widths', '5,5,5', '--rank', '1'];
  const regression = [
    'reduced-rank',
    '--input',
    '5',
    '--hidden',
    '3',
    '--output',
    '5',
    '--rank',
    '0',
  ];
  const quadratic = ['quadratic', '--eigenvalues', '1,2', '--nbeta', '100'];
  const potential = (terms: string, ...more: string[]) => ['potential', '--terms', terms, ...more];
  const swap = (args: string[], name: string, value: string) =>
    args.map((arg, i) => (args[i - 1] === `--${name}` ? value : arg));

  it.each<[string[], RegExp]>([
    [[], /^kind: missing; use one of linear-network, /],
    [['linear'], /^unknown kind 'linear'/],
    [['constructor'], /^unknown kind 'constructor'/],
    [['linear-network'], /^--widths: missing/],
    [['linear-network', '--widths', '5,5,5'], /^--rank: missing/],
    [[...network, 'more'], /'more'/],
    [[...network, '--depth', '3'], /--depth/],
    [[...network, '--nbeta'], /--nbeta/],
    [[...network, '--nbeta', '0'], /nbeta: got 0/],
    [[...network, '--nbeta', '-5'], /nbeta: got -5/],
    [[...network, '--nbeta', 'NaN'], /^--nbeta NaN: must be a number/],
    [[...network, '--nbeta', '1e999'], /^--nbeta 1e999: must be a number/],
    [[...network, '--nbeta', '9', '--localization', '-1'], /localization: got -1/],
    [[...network, '--localization', '1'], /^--localization: .* --nbeta/],
    [swap(network, 'widths', '5,,5'), /^--widths 5,,5: must be numbers/],
    [swap(network, 'widths', '5'), /widths: got 1 layer/],
    [swap(network, 'widths', '5,0,5'), /widths: got 0/],
    [swap(network, 'widths', '5,x'), /^--widths 5,x/],
    [swap(network, 'rank', '6'), /rank: got 6: .* 5, the narrowest/],
    [swap(network, 'rank', ''), /^--rank : must be a number/],
    [swap(network, 'rank', '0x1'), /^--rank 0x1: must be a number/],
    [swap(regression, 'input', '0'), /input: got 0/],
    [swap(regression, 'hidden', '1.5'), /hidden: got 1.5/],
    [swap(regression, 'output', '-5'), /output: got -5/],
    [swap(regression, 'rank', '4'), /rank: got 4/],
    [['tanh'], /^--hidden: missing/],
    [['tanh', '--hidden', '0'], /hidden: got 0/],
    [['superposition', '--features', '6'], /^--state: missing/],
    [
      ['superposition', '--features', '6', '--state', '7'],
      /state: "7" takes 7 columns: there are 6/,
    ],
    [['superposition', '--features', '6', '--state', '2'], /state: got "2": .*at least 3/],
    [['superposition', '--features', '6', '--state', 'x'], /state: got "x"/],
    [['superposition', '--features', '2', '--state', '3'], /features: got 2/],
    [
      ['superposition', '--features', '6', '--state', '5', '--hidden', '3'],
      /hidden: got 3: must be 2/,
    ],
    [['potential'], /^--terms: missing/],
    [potential('x^2'), /^--terms x\^2: is not JSON/],
    [potential('{}'), /terms: got \{\}: must be a list/],
    [potential('[]'), /terms: got 0/],
    [potential('[3]'), /terms\.0: got 3: must be an object/],
    [potential('[{"coefficient":1}]'), /terms\.0\.powers: got nothing/],
    [potential('[{"powers":[2]}]'), /terms\.0\.coefficient: got nothing/],
    [potential('[{"coefficient":1,"powers":[2],"h":1}]'), /terms\.0\.h: unknown key/],
    [potential('[{"coefficient":"1","powers":[2]}]'), /terms\.0\.coefficient: got "1"/],
    [potential('[{"coefficient":1,"powers":[-2]}]'), /terms\.0\.powers: got -2/],
    [potential('[{"coefficient":1,"powers":[]}]'), /terms\.0\.powers: got 0/],
    [
      potential('[{"coefficient":1,"powers":[2]},{"coefficient":1,"powers":[2,2]}]'),
      /terms\.1\.powers/,
    ],
    [potential(CROSSING, '--at', '1'), /at: got 1 coordinates: must be 2/],
    [potential(CROSSING, '--at', '1,y'), /^--at 1,y/],
    [['quadratic'], /^--eigenvalues: missing/],
    [['quadratic', '--eigenvalues', '-1,2'], /eigenvalues: got -1/],
    [
      [...quadratic, '--lr', '0.1'],
      /lr: got 0\.1, .* 20\.1 on eigenvalue 2: must be below 4, .*Choose lr below 0\.0199/,
    ],
    [[...quadratic, '--lr', '0'], /lr: got 0/],
    [[...quadratic, '--lr', '-1'], /lr: got -1/],
    [[...quadratic, '--gradient-noise', '1'], /^--gradient-noise: .* --lr/],
    [[...quadratic, '--lr', '1e-3', '--noise-level', '-1'], /noiseLevel: got -1/],
    [['quadratic', '--eigenvalues', '1', '--lr', '1e-3'], /^--lr: .* --nbeta/],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await ask(...args);
    expect(stderr.replace(/^BadConfig: /, '')).toMatch(words);
    expect(stderr.trimEnd()).not.toMatch(/\n/);
    expect([code, stdout]).toEqual([2, '']);
  });
});
