/** Bad input of the experiment llc on the command line: one line that names the field, exit code 2; and what a run leaves behind. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/lab/run';
import { callLab, lastObject } from './cli';

const folder = mkdtempSync(join(tmpdir(), 'cusp-llc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const trained = join(folder, 'trained');
const training = {
  schema: 1,
  experiment: 'modular-addition',
  steps: 20,
  data: { modulus: 5, pairs: 'ordered' },
  network: { width: 4, hidden: 6 },
  checkpointEvery: 10,
};
beforeAll(async () => {
  const path = write('training.json', training);
  const spoken = await callLab(run, [path, '--runtime', 'cpu', '--out', trained, '--quiet']);
  expect(spoken.code, spoken.stderr).toBe(0);
});

/** A file with this target and sampler. */
const file = (target: object, sampler: object = {}): string =>
  write('llc.json', { schema: 1, experiment: 'llc', target, sampler });

describe('refused in one line', () => {
  it.each([
    [
      'an unknown target',
      { kind: 'potental' },
      {},
      /target.kind: got "potental".*Did you mean potential\?/,
    ],
    ['a field of another target', { kind: 'tanh', rank: 1 }, {}, /target.rank: unknown key/],
    ['a state that does not exist', { kind: 'superposition', state: '9+' }, {}, /target.state/],
    [
      'an unstable quadratic',
      { kind: 'quadratic' },
      { lr: 0.1, nbeta: 100 },
      /sampler.lr: .*below 4/,
    ],
    ['ε = 0', { kind: 'quadratic' }, { lr: 0 }, /sampler.lr: got 0/],
    ['γ < 0', { kind: 'quadratic' }, { localization: -1 }, /sampler.localization: got -1/],
    ['no chains', { kind: 'quadratic' }, { chains: 0 }, /sampler.chains: got 0/],
    [
      'more than memory',
      { kind: 'quadratic' },
      { chains: 65_536, draws: 1e8 },
      /LimitExceeded: 100001000 draws/,
    ],
    [
      'a run that is not there',
      { kind: 'run', path: join(folder, 'no') },
      {},
      /target.path .*no: no run.json/,
    ],
  ])('%s', async (_, target, sampler, words) => {
    const { code, stdout, stderr } = await callLab(run, [
      file(target, sampler),
      '--runtime',
      'cpu',
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(words);
  });

  it('a checkpoint of another network', async () => {
    const other = join(folder, 'other');
    const path = write('other.json', { ...training, network: { width: 6, hidden: 6 } });
    await callLab(run, [path, '--runtime', 'cpu', '--out', other, '--quiet']);
    const record = write('other/run.json', {
      ...(lastObject(await callLab(run, [path, '--runtime', 'cpu', '--quiet'])) as object),
      config: training,
    });
    expect(record).toContain('other');
    const args = [file({ kind: 'run', path: other }), '--runtime', 'cpu'];
    const { code, stderr } = await callLab(run, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/target: point step 0: 30 numbers for embed.weight: the network has 20/);
  });

  it('a step without a checkpoint', async () => {
    const args = [file({ kind: 'run', path: trained, steps: [15] }), '--runtime', 'cpu'];
    expect((await callLab(run, args)).stderr).toMatch(/target.steps: no checkpoint of step 15/);
  });
});

describe('carried out', () => {
  it('samples the checkpoints of a run and writes the traces', async () => {
    const out = join(folder, 'out');
    const sampler = { chains: 2, burnin: 2, draws: 6, nbeta: 'n/log(n)', lr: 1e-4 };
    const args = [
      file({ kind: 'run', path: trained }, sampler),
      '--runtime',
      'cpu',
      '--out',
      out,
      '--quiet',
    ];
    const spoken = await callLab(run, args);
    expect(spoken.code, spoken.stderr).toBe(0);
    const { results } = lastObject(spoken) as { results: { checkpoints: { step: number }[] } };
    expect(results.checkpoints.map(({ step }) => step)).toEqual([0, 10, 20]);
    expect(readdirSync(out).sort()).toEqual([
      'checkpoint.safetensors',
      'metrics.csv',
      'run.json',
      'traces.safetensors',
    ]);
  });

  it('leaves λ̂ through training out by --set llc=null, and sets one of its fields', async () => {
    const through = write('through.json', { ...training, llc: { every: 20, chains: 1, draws: 4 } });
    const options = ['--runtime', 'cpu', '--quiet'];
    const none = await callLab(run, [through, ...options, '--set', 'llc=null']);
    expect(lastObject(none)['config']).toMatchObject({ llc: null });
    const set = await callLab(run, [through, ...options, '--set', 'llc.burnin=1']);
    expect(set.code, set.stderr).toBe(0);
    expect(lastObject(set)['config']).toMatchObject({ llc: { burnin: 1, every: 20 } });
  });

  it('changes the target by --set, and drops what belonged to the other kind', async () => {
    const args = [
      file({ kind: 'potential' }, { chains: 2, burnin: 0, draws: 5 }),
      '--runtime',
      'cpu',
      '--quiet',
    ];
    const spoken = await callLab(run, [
      ...args,
      '--set',
      'target.kind=tanh',
      '--set',
      'target.hidden=2',
    ]);
    expect(spoken.code, spoken.stderr).toBe(0);
    expect(lastObject(spoken)['config']).toMatchObject({ target: { kind: 'tanh', hidden: 2 } });
  });
});
