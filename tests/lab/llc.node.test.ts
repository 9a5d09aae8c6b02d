/** The experiment llc as the lab runs it, in float64: results, sweep, resume, λ̂ through training, what it refuses. */
import { describe, expect, it } from 'vitest';
import { llc } from '../../src/lab/experiments/llc';
import { TRACES } from '../../src/lab/experiments/llc-files';
import type { LlcResults } from '../../src/lab/experiments/llc-results';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import type { Model } from '../../src/lab/experiments/types';
import { SOURCE, toBuffers } from '../../src/lab/files';
import { startRun, type EarlierSession, type Run, type RunUpdate } from '../../src/lab/run';
import { startWhole } from '../../src/lab/run-whole';
import { readSafetensors } from '../../src/lab/safetensors-read';

interface Started {
  readonly run: Run;
  readonly updates: RunUpdate[];
}

async function start(model: Model, earlier?: EarlierSession, whole = false): Promise<Started> {
  const updates: RunUpdate[] = [];
  const run = await (whole ? startWhole : startRun)({
    model,
    runtime: 'cpu',
    openDevice: () => Promise.resolve(null),
    onUpdate: (update) => updates.push(update),
    ...(earlier && { earlier }),
  });
  return { run, updates };
}

async function saved(run: Run): Promise<EarlierSession> {
  const files = toBuffers(await run.files());
  return { checkpoint: await run.checkpoint(), csv: run.csv(), record: run.record(), files };
}

const resultsOf = (run: Run): LlcResults => run.record().results as LlcResults;

const quadratic = { kind: 'quadratic', eigenvalues: [1, 2, 4] };
const small = { lr: 1e-3, nbeta: 100, chains: 8, burnin: 50, draws: 200 };
const build = (target: object, sampler: object = {}, rest: object = {}) =>
  llc.build(llc.parse({ experiment: 'llc', target, sampler: { ...small, ...sampler }, ...rest }));

describe('a run', () => {
  it('answers with λ̂, its exact value, its diagnostics and a verdict', async () => {
    const model = build(quadratic, { method: 'mala', lr: 4e-3, draws: 1500, chains: 16 });
    const { run, updates } = await start(model);
    await run.advanceTo(model.steps);
    const results = resultsOf(run);
    expect(results.theory).toEqual({ lambda: 1.5, multiplicity: 1 });
    expect(results.path).toBe('on-chip');
    expect(results.llc.nbeta).toBe(100);
    expect(results.llc.perChain).toHaveLength(16);
    // ½ Σ nβ·h/(nβ·h + γ): a little below 3/2.
    expect(results.thermal).toBeCloseTo(1.4913, 4);
    // Five standard errors.
    const error = Math.abs(results.llc.mean! - results.thermal!);
    expect(error).toBeLessThan(5 * results.llc.standardError!);
    expect(results.diagnostics.rhat).toBeLessThan(1.02);
    expect(results.diagnostics.ess).toBeGreaterThan(500);
    expect(results.diagnostics.acceptance).toBeGreaterThan(0.8);
    expect(results.verdicts.map(({ code }) => code)).toEqual(['healthy']);
    expect(results.verdict).toEqual(results.verdicts.map(({ text }) => text));
    expect(updates.some((update) => update.type === 'row')).toBe(true);
    expect(run.csv().split('\n')[0]).toBe('step,llc,llc_error,rhat,ess,acceptance,distance');
    // A record is JSON.
    expect(JSON.parse(JSON.stringify(run.record()))).toEqual(run.record());
  });

  it('writes the trace of every chain', async () => {
    const model = build(quadratic);
    const { run } = await start(model);
    await run.advanceTo(model.steps);
    const { tensors, metadata } = readSafetensors((await run.files())[TRACES]);
    const loss = tensors.get('loss')!;
    expect(loss.shape).toEqual([250, 8]);
    expect(metadata.get('burnin')).toBe('50');
    const kept = (loss.data as Float32Array).subarray(50 * 8);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    expect(100 * mean).toBeCloseTo(resultsOf(run).llc.mean!, 6);
  });

  it('gives the same λ̂ when it is resumed in the middle, on either path', async () => {
    for (const path of ['on-chip', 'general']) {
      for (const method of ['sgld', 'sgnht', 'hmc']) {
        const model = () => build(quadratic, { path, method, draws: 30, burnin: 10, leapfrog: 3 });
        const once = await start(model());
        await once.run.advanceTo(model().steps);
        const first = await start(model());
        await first.run.advanceTo(Math.floor(model().steps * 0.6) + 1);
        const second = await start(model(), await saved(first.run));
        await second.run.advanceTo(model().steps);
        const [a, b] = [resultsOf(once.run), resultsOf(second.run)];
        // A checkpoint holds float32, the reference goes on in float64.
        expect(b.llc.mean!).toBeCloseTo(a.llc.mean!, 4);
        expect(b.diagnostics.distance).toBeCloseTo(a.diagnostics.distance, 4);
      }
    }
  });

  it('sends views of the shapes it promises', async () => {
    const model = build(quadratic);
    const { run } = await start(model);
    await run.advanceTo(130);
    const shapeOf = (name: string) => model.view(name)?.shape;
    expect(shapeOf('traces')).toEqual([130, 9]);
    expect(shapeOf('estimate')).toEqual([80, 3]);
    expect(shapeOf('paths')).toEqual([8, 130, 2]);
    expect(shapeOf('cloud:0')).toEqual([8, 2]);
    expect(shapeOf('ranks')).toEqual([8, 20]);
    expect(shapeOf('cloud:1')).toBeUndefined();
    expect(shapeOf('nothing')).toBeUndefined();
  });
});

describe('a sweep', () => {
  it('is one run with an entry a grid point, and extrapolates the step size', async () => {
    const model = build(
      quadratic,
      { draws: 600 },
      { sweep: { lr: [1e-3, 2e-3], nbeta: [50, 100] } },
    );
    const { run } = await start(model);
    await run.advanceTo(model.steps);
    const { sweep, extrapolated, checkpoints } = resultsOf(run);
    expect(sweep.map(({ lr, nbeta }) => [lr, nbeta])).toEqual([
      [1e-3, 50],
      [2e-3, 50],
      [1e-3, 100],
      [2e-3, 100],
    ]);
    expect(checkpoints).toEqual([]);
    for (const { llc: found, thermal } of sweep)
      expect(Math.abs(found.mean! - thermal!)).toBeLessThan(6 * found.standardError!);
    expect(extrapolated).not.toBeNull();
    expect(run.csv().split('\n')[0]).toMatch(/^step,llc.0,llc.1,llc.2,llc.3,/);
  });

  it('shows where SGLD is unstable instead of refusing it', async () => {
    const model = build(quadratic, {}, { sweep: { lr: [1e-3, 1] } });
    const { run } = await start(model);
    await run.advanceTo(model.steps);
    const [stable, unstable] = resultsOf(run).sweep;
    expect(stable.llc.mean).not.toBeNull();
    expect(unstable.llc.mean).toBeNull();
    expect(unstable.thermal).toBeNull();
    expect(unstable.diagnostics.diverged).toHaveLength(8);
    expect(unstable.verdicts[0].code).toBe('diverged');
  });
});

describe('samples', () => {
  const network = {
    kind: 'linear-network',
    widths: [2, 2, 1],
    rank: 1,
    loss: 'sample',
    samples: 40,
    noise: 0.5,
  };

  it('give WBIC, ν̂, WAIC, Bayes losses and the reweighted λ̂ at n/log(n)', async () => {
    const sampler = {
      nbeta: 'n/log(n)',
      method: 'mala',
      lr: 0.02,
      path: 'general',
      draws: 400,
      thin: 2,
    };
    const model = build(network, sampler);
    const { run } = await start(model);
    await run.advanceTo(model.steps);
    const results = resultsOf(run);
    expect(results.llc.convention).toBe('n/log(n)');
    expect(results.llc.nbeta).toBeCloseTo(40 / Math.log(40), 10);
    expect(results.wbic).not.toBeNull();
    expect(results.wbic).toBeCloseTo(
      40 * (results.baseline + results.llc.mean! / results.llc.nbeta),
      6,
    );
    expect(results.singularFluctuation).toBeGreaterThan(0);
    expect(results.losses!.bayes).toBeLessThan(results.losses!.gibbs);
    expect(results.waic).toBeGreaterThan(results.losses!.bayes);
    expect(results.reweighted).not.toBeNull();
  });

  it('in mini-batches give the same λ̂, with and without control variates, and a noise ratio', async () => {
    const run = async (sampler: object) => {
      const model = build(network, { nbeta: 10, lr: 0.01, draws: 1500, chains: 16, ...sampler });
      const { run: started } = await start(model);
      await started.advanceTo(model.steps);
      return resultsOf(started);
    };
    const whole = await run({});
    const batch = await run({ batchSize: 10 });
    const controlled = await run({ batchSize: 10, controlVariate: true });
    const own = await run({ batchSize: 10, commonBatches: false });
    expect(whole.diagnostics.noiseRatio).toBeNull();
    expect(batch.diagnostics.noiseRatio).toBeGreaterThan(0);
    for (const other of [batch, controlled, own]) {
      const error = Math.hypot(whole.llc.standardError!, other.llc.standardError!);
      expect(Math.abs(other.llc.mean! - whole.llc.mean!)).toBeLessThan(5 * error + 0.02);
      expect(other.diagnostics.acceptance).toBeGreaterThan(0.8);
    }
  });
});

describe('λ̂ through training', () => {
  const training = {
    experiment: 'modular-addition',
    steps: 40,
    data: { modulus: 5, pairs: 'ordered' },
    network: { width: 4, hidden: 6 },
    evaluateEvery: 10,
    llc: { every: 20, chains: 2, burnin: 5, draws: 20, nbeta: 5, lr: 1e-3, batchSize: 4 },
  };
  const model = (changes: object = {}) =>
    modularAddition.build(modularAddition.parse({ ...training, ...changes }));

  it('samples the kept checkpoints when the training is done, and joins the metrics', async () => {
    const { run, updates } = await start(model(), undefined, true);
    expect(run.total).toBe(40 + 25);
    await run.advanceTo(run.total);
    const { results } = run.record() as {
      results: { llc: { checkpoints: unknown[]; peak: object } };
    };
    expect(results.llc.checkpoints).toHaveLength(3);
    expect(results.llc.peak).toMatchObject({ mean: expect.any(Number) as number });
    const lines = run.csv().trim().split('\n');
    expect(lines[0]).toMatch(/,llc,llc_error$/);
    expect(lines.filter((line) => !line.endsWith(',,'))).toHaveLength(1 + 3);
    expect(updates.some((update) => update.type === 'view' && update.name === 'llc')).toBe(true);
  });

  it('resumed in the middle of the sampling ends where an uninterrupted run does', async () => {
    const once = await start(model(), undefined, true);
    await once.run.advanceTo(once.run.total);
    const first = await start(model(), undefined, true);
    await first.run.advanceTo(52);
    expect(first.run.step).toBe(52);
    const second = await start(model(), await saved(first.run), true);
    expect(second.run.step).toBe(52);
    await second.run.advanceTo(second.run.total);
    const llcOf = (run: Run) =>
      (run.record().results as { llc: { checkpoints: { llc: { mean: number } }[] } }).llc
        .checkpoints;
    llcOf(second.run).forEach(({ llc: found }, k) =>
      expect(found.mean).toBeCloseTo(llcOf(once.run)[k].llc.mean, 3),
    );
  });

  it('is the same as sampling the run afterwards, from its files', async () => {
    const through = await start(model(), undefined, true);
    await through.run.advanceTo(through.run.total);
    const files = await through.run.files();
    const { every: _, ...sampler } = training.llc;
    const config = { experiment: 'llc', target: { kind: 'run', path: 'x' }, sampler };
    const source = {
      [`${SOURCE}run.json`]: new TextEncoder().encode(JSON.stringify(through.run.record())),
      [`${SOURCE}checkpoints.safetensors`]: files['checkpoints.safetensors'],
    };
    const after = await start(llc.build(llc.parse(config), source));
    await after.run.advanceTo(after.run.total);
    const own = (through.run.record().results as { llc: { checkpoints: { llc: object }[] } }).llc;
    expect(resultsOf(after.run).checkpoints.map((one) => one.llc)).toEqual(
      own.checkpoints.map((one) => one.llc),
    );
    expect(() =>
      llc.build(llc.parse({ ...config, target: { ...config.target, steps: [7] } }), source),
    ).toThrow(/^target.steps: no checkpoint of step 7: there are those of 0, 20, 40/);
  });

  it.each([
    [{ replicas: 2 }, /^llc: got 2 replicas/],
    [{ llc: { ...training.llc, batchSize: 1000 } }, /^llc.sampler.batchSize: got 1000/],
    [{ llc: { ...training.llc, every: 0 } }, /^llc.every/],
    [{ llc: { ...training.llc, lrr: 1 } }, /^llc.lrr: unknown key/],
  ])('refuses %j before the training begins', (changes, message) => {
    expect(() => model(changes)).toThrow(message);
  });
});

describe('what is refused', () => {
  it.each([
    [{ lr: 0 }, /^sampler.lr/],
    [{ lr: -1 }, /^sampler.lr/],
    [{ lr: NaN }, /^sampler.lr/],
    [{ localization: -1 }, /^sampler.localization/],
    [{ nbeta: 0 }, /^sampler.nbeta/],
    [{ nbeta: 'n/log n' }, /^sampler.nbeta/],
    [{ nbeta: 'n/log(n)' }, /^sampler.nbeta.*no samples/],
    [{ chains: 0 }, /^sampler.chains/],
    [{ chains: 1.5 }, /^sampler.chains/],
    [{ draws: 0 }, /^sampler.draws/],
    [{ draws: 1e9 }, /^sampler.draws/],
    [{ thin: 0 }, /^sampler.thin/],
    [{ method: 'nuts' }, /^sampler.method/],
    [{ mask: [] }, /^sampler.mask/],
    [{ lr: 0.02 }, /^sampler.lr.*below 4/],
  ])('%j', (sampler, message) => {
    expect(() => build(quadratic, sampler)).toThrow(message);
  });
});
