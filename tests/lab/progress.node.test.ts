/** Series of checkpoints with known frequencies: which are key at which checkpoint, what results say, and resuming. */
import { describe, expect, it } from 'vitest';
import { progressMeasures } from '../../src/lab/experiments/progress-measures';
import { MEASURED } from '../../src/lab/experiments/progress-files';
import {
  summarizeMeasured,
  type ProgressMeasuresResults,
} from '../../src/lab/experiments/progress-results';
import { readMeasured } from '../../src/lab/experiments/progress-source';
import { CHECKPOINTS } from '../../src/lab/collection';
import { SOURCE, toBuffers, type Files } from '../../src/lab/files';
import { startRun, type Run } from '../../src/lab/run';
import { writeSafetensors, type Tensor } from '../../src/lab/safetensors';
import { readSafetensors } from '../../src/lab/safetensors-read';

const P = 11;
const HIDDEN = 288;

/**
 * Gromov's solution (arXiv 2301.02679) of addition mod p with neurons of these frequencies alone, many phases of each:
 * W_a[n, a] = cos(w_n a + φ), W_b[n, b] = cos(w_n b + ψ), U[c, n] = cos(w_n c + φ + ψ), activation x².
 */
function analytic(frequencies: readonly number[]): Record<string, Float32Array> {
  const scale = 0.2;
  const side = Math.round(Math.sqrt(HIDDEN / frequencies.length));
  const neuron = (n: number) => {
    const w = (2 * Math.PI * frequencies[n % frequencies.length]) / P;
    const place = Math.floor(n / frequencies.length);
    const phi = (2 * Math.PI * (place % side)) / side;
    const psi = (2 * Math.PI * Math.floor(place / side)) / side;
    return { w, phi, psi };
  };
  const into = (phase: 'phi' | 'psi') =>
    Float32Array.from({ length: HIDDEN * P }, (_, k) => {
      const { w, [phase]: shift } = neuron(Math.floor(k / P));
      return Math.cos(w * (k % P) + shift);
    });
  const out = Float32Array.from({ length: P * HIDDEN }, (_, k) => {
    const { w, phi, psi } = neuron(k % HIDDEN);
    return scale * Math.cos(w * Math.floor(k / HIDDEN) + phi + psi);
  });
  return { 'mlp.in.a.weight': into('phi'), 'mlp.in.b.weight': into('psi'), 'unembed.weight': out };
}

/** A series whose network first has one set of frequencies and then another, at uneven steps. */
function series(...sets: readonly (readonly number[])[]): Files {
  const all = sets.map(analytic);
  const tensors = new Map<string, Tensor>();
  for (const name of Object.keys(all[0])) {
    const { length } = all[0][name];
    const data = new Float32Array(all.length * length);
    all.forEach((one, k) => data.set(one[name], k * length));
    const shape = name.startsWith('mlp') ? [all.length, HIDDEN, P] : [all.length, P, HIDDEN];
    tensors.set(name, { dtype: 'F32', shape, data });
  }
  const steps = JSON.stringify([100, 250, 300].slice(0, all.length));
  return { [`${SOURCE}${CHECKPOINTS}`]: writeSafetensors(tensors, { steps }) };
}

async function start(files: Files, config: object, earlier?: Run): Promise<Run> {
  const network = { activation: 'quadratic' };
  const parsed = progressMeasures.parse({ network, ...config });
  const model = progressMeasures.build(parsed, files);
  return startRun({
    model,
    runtime: 'cpu',
    openDevice: () => Promise.resolve(null),
    onUpdate: () => undefined,
    ...(earlier && {
      earlier: {
        checkpoint: await earlier.checkpoint(),
        csv: earlier.csv(),
        record: earlier.record(),
        files: toBuffers(await earlier.files()),
      },
    }),
  });
}

async function carryOut(files: Files, config: object = {}) {
  const run = await start(files, config);
  await run.advanceTo(run.total);
  const record = run.record();
  const results = record.results as ProgressMeasuresResults;
  const [head, ...lines] = run.csv().trimEnd().split('\n');
  const names = head.split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',').map(Number);
    return Object.fromEntries(names.map((name, k) => [name, cells[k]]));
  });
  return { run, record, results, rows };
}

describe('a series of checkpoints', () => {
  const files = series([2, 4], [1, 3]);

  it('is measured at its own steps, by the key frequencies it ends with', async () => {
    const { record, results, rows } = await carryOut(files);
    expect(record.steps).toBe(250);
    expect(rows.map((row) => row['step'])).toEqual([100, 250]);
    expect(results).toMatchObject({ keyRule: 'final', keys: [1, 3], steps: [100, 250] });
    const [first, last] = rows;
    expect([first['all_accuracy'], last['all_accuracy']]).toEqual([1, 1]);
    // At first the key frequencies to come carry nothing: restricted to them the network guesses.
    expect(first['restricted_loss_all']).toBeCloseTo(Math.log(P), 4);
    expect(first['excluded_loss']).toBeCloseTo(first['train_loss'], 4);
    expect(last['restricted_loss_all']).toBeLessThan(0.1);
    expect(last['excluded_loss']).toBeGreaterThan(2);
    expect(first['logit_fve']).toBeLessThan(1e-6);
    expect(last['logit_fve']).toBeGreaterThan(0.99);
  });

  it('is measured by each checkpoint’s own where asked', async () => {
    const { results, rows } = await carryOut(files, { keys: 'current' });
    expect(results).toMatchObject({ keyRule: 'current', keys: [1, 3] });
    for (const row of rows) {
      expect(row['key_count']).toBe(2);
      expect(row['restricted_loss_all']).toBeLessThan(0.1);
    }
  });

  it('is measured by given ones', async () => {
    const { results, rows } = await carryOut(files, { keys: [2, 4] });
    expect(results).toMatchObject({ keyRule: 'given', keys: [2, 4] });
    expect(rows[0]['restricted_loss_all']).toBeLessThan(0.1);
    expect(rows[1]['restricted_loss_all']).toBeCloseTo(Math.log(P), 4);
  });

  it('says what each frequency and each neuron is about', async () => {
    const { run, results } = await carryOut(files);
    const { clusters, perFrequency, neurons, measures } = results;
    expect(perFrequency.map(({ frequency, key }) => (key ? frequency : 0))).toEqual([
      1, 0, 3, 0, 0,
    ]);
    const [one, two] = perFrequency;
    expect(one.excludedLoss! - measures['train_loss']!).toBeGreaterThan(0.01);
    expect(two.excludedLoss! - measures['train_loss']!).toBeCloseTo(0, 6);
    expect(one.attention).toBeNull();
    expect(measures['weight_norm']).toBeGreaterThan(0);
    // (cos A + cos B)²: 2 cos A cos B is of the frequency itself and has 1 of the variance 1 + 2/8, the rest is of twice it.
    expect({ neurons, clusters }).toEqual({ neurons: HIDDEN, clusters: [] });
    const { tensors } = readSafetensors((await run.files())[MEASURED]);
    const [, last] = [0, 1].map((k) =>
      tensors.get('view.neurons')!.data.subarray(2 * HIDDEN * k, 2 * HIDDEN * (k + 1)),
    );
    for (let n = 0; n < HIDDEN; n++) {
      expect(last[n]).toBe([1, 3][n % 2]);
      expect(last[HIDDEN + n]).toBeCloseTo(0.8, 5);
    }
  });

  it('goes on from a checkpoint of the measuring with the rows it had', async () => {
    const whole = await carryOut(files);
    const half = await start(files, {});
    await half.advanceTo(100);
    const rest = await start(files, {}, half);
    await rest.advanceTo(rest.total);
    expect(rest.csv()).toBe(whole.run.csv());
    expect(rest.record().results).toEqual(whole.results);
  });
});

describe('results', () => {
  it('count a neuron for the frequency that explains more than 85 % of it', () => {
    const config = progressMeasures.parse({ network: { activation: 'quadratic' } });
    const source = readMeasured(config, series([1, 3]));
    const views = {
      neurons: Float64Array.of(2, 5, 2, 1, 0.9, 0.86, 0.99, 0.85),
      key_frequencies: Float64Array.of(0, 1, 0, 0, 1),
      embedding_spectrum: Float64Array.of(9, 3, 4, 0, 0, 0, 0, 0, 0, 5, 12),
      attention_spectrum: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    };
    const measured = new Map([[7, { scalars: { a: 1, b: NaN }, views }]]);
    const results = summarizeMeasured(source, measured, ['b', 'a'], 'current');
    expect(results.clusters).toEqual([
      { frequency: 2, neurons: 2 },
      { frequency: 5, neurons: 1 },
    ]);
    expect(results).toMatchObject({ step: 7, keys: [2, 5], measures: { b: null, a: 1 } });
    const { perFrequency } = results;
    expect(perFrequency.map(({ embedding }) => embedding)).toEqual([5, 0, 0, 0, 13]);
    expect(perFrequency[1].attention).toEqual([2, 7]);
    expect(perFrequency[0]).toMatchObject({ key: false, neurons: 0, coefficient: null });
  });
});

describe('what is refused', () => {
  it('frequencies beyond the half of p, before anything is traced', () => {
    const build = () =>
      progressMeasures.build(progressMeasures.parse({ keys: [6] }), series([1, 2]));
    expect(build).toThrow(/keys: got 6: frequencies of p = 11 are 1 to 5/);
  });

  it('keys that are no list of frequencies', () => {
    for (const keys of ['last', [], [0], [1.5], ['x'], ['final', 3], { 0: 1 }])
      expect(() => progressMeasures.parse({ keys }), String(keys)).toThrow(
        /keys.*: must be final, current or frequencies/,
      );
    expect(progressMeasures.parse({ keys: ['5', '3', 3] }).keys).toEqual([3, 5]);
  });
});
