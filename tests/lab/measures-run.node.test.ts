/** Measures on a schedule of their own, weights to start from, masks and kept steps, as a run carries them out. */
import { describe, expect, it } from 'vitest';
import { DeviceLost } from '../../src/gpu/errors';
import type { TrainingModel } from '../../src/lab/experiments/types';
import { startRun, type EarlierSession, type Run, type RunUpdate } from '../../src/lab/run';
import { multiply } from '../../src/ops/elementwise';
import { toBuffers } from '../../src/lab/files';
import { testModel, type TestModelOptions } from './model';

/** Twice the loss and its square, every 15 steps. */
function measuredModel(options: TestModelOptions = {}): TrainingModel {
  const model = testModel(options);
  const loss = model.evaluation['train_loss'];
  return {
    ...model,
    measures: {
      every: 15,
      nodes: { loss, square: multiply(loss, loss) },
      columns: ['twice', 'square'],
      views: { both: [2] },
      finish: ({ loss, square }) => ({
        scalars: { twice: 2 * loss[0], square: square[0] },
        views: { both: Float64Array.of(loss[0], square[0]) },
      }),
    },
    milestones: [
      { name: 'fell', metric: 'twice', atMost: 1.6, after: 'started' },
      { name: 'started', metric: 'square', atLeast: 0 },
    ],
  };
}

async function start(
  model: TrainingModel,
  earlier?: EarlierSession,
): Promise<{ run: Run; updates: RunUpdate[] }> {
  const updates: RunUpdate[] = [];
  const run = await startRun({
    model,
    runtime: 'cpu',
    openDevice: () => Promise.resolve(null),
    onUpdate: (update) => updates.push(update),
    ...(earlier && { earlier }),
  });
  return { run, updates };
}

describe('scheduled measures', () => {
  it('fall due at step 0, on their schedule and at the last step, in rows of their own where need be', async () => {
    const { run, updates } = await start(measuredModel({ steps: 37, evaluateEvery: 10 }));
    await run.advanceTo(37);
    const rows = updates.flatMap((update) => (update.type === 'row' ? [update] : []));
    expect(rows.map(({ step }) => step)).toEqual([0, 10, 15, 20, 30, 37]);
    const measured = rows.filter(({ values }) => values['twice'] !== undefined);
    expect(measured.map(({ step }) => step)).toEqual([0, 15, 30, 37]);
    for (const { values } of measured) {
      expect(values['twice'][0]).toBeCloseTo(2 * values['train_loss'][0], 12);
      expect(values['square'][0]).toBeCloseTo(values['train_loss'][0] ** 2, 12);
    }
    expect(run.csv().split('\n')[0]).toBe('step,train_loss,train_accuracy,twice,square');
    expect(run.record().metrics['twice']).toBe(measured.at(-1)!.values['twice'][0]);
  });

  it('send their views unasked, of replica 0, and have a column a replica', async () => {
    const { run, updates } = await start(measuredModel({ steps: 15, replicas: 2 }));
    await run.advanceTo(15);
    const views = updates.flatMap((update) => (update.type === 'view' ? [update] : []));
    expect(views.map(({ name, step }) => `${name} ${step}`)).toEqual(['both 0', 'both 15']);
    const twice = run.record().metrics['twice'] as number[];
    expect(twice).toHaveLength(2);
    expect(twice[0]).not.toBe(twice[1]);
    expect(views[1].data[0]).toBeCloseTo(twice[0] / 2, 6);
  });

  it('are watched for milestones, together with the rest of their row', async () => {
    const { run } = await start(measuredModel({ steps: 60 }));
    await run.advanceTo(60);
    const { events } = run.record();
    expect(events.find(({ name }) => name === 'started')?.step).toBe(0);
    expect(events.find(({ name }) => name === 'fell')!.step % 15).toBe(0);
  });

  it('are made again after the device was lost', async () => {
    const whole = await start(measuredModel({ steps: 45 }));
    await whole.run.advanceTo(45);
    const { run, updates } = await start(measuredModel({ steps: 45 }));
    await run.advanceTo(30);
    const gone = (): Promise<never> => Promise.reject(new DeviceLost('unknown', 'gone'));
    Object.assign(run.program, { advance: gone });
    await run.advanceTo(45);
    expect(run.csv()).toBe(whole.run.csv());
    expect(run.record().events).toEqual(whole.run.record().events);
    const views = updates.flatMap((update) => (update.type === 'view' ? [update.step] : []));
    expect(views).toEqual([0, 15, 30, 15, 30, 45]);
  });

  it('come back from the table of an earlier session', async () => {
    const whole = await start(measuredModel({ steps: 60 }));
    await whole.run.advanceTo(60);
    const first = await start(measuredModel({ steps: 60 }));
    await first.run.advanceTo(30);
    const second = await start(measuredModel({ steps: 60 }), {
      checkpoint: await first.run.checkpoint(),
      csv: first.run.csv(),
      record: first.run.record(),
    });
    await second.run.advanceTo(60);
    const steps = (run: Run): string[] =>
      run
        .csv()
        .split('\n')
        .map((row) => `${row.split(',')[0]}:${row.split(',')[3] === ''}`);
    expect(steps(second.run)).toEqual(steps(whole.run));
    expect(second.run.csv().split('\n').slice(0, 5)).toEqual(
      whole.run.csv().split('\n').slice(0, 5),
    );
  });
});

/** The reference keeps more digits than a snapshot does, so going back and forth rounds; a device rounds nothing. */
function roundedCsv(run: Run): string {
  return run.csv().replace(/\d+\.\d+/g, (number) => Number(number).toPrecision(5));
}

/** Kernels of measures that are compiled some time after the program: `release` makes them ready. */
function compileLater(run: Run): { readonly release: () => void; readonly asked: () => number } {
  let ready = false;
  let asked = 0;
  let release = (): void => undefined;
  const compiled = new Promise<void>((resolve) => {
    release = () => {
      ready = true;
      resolve();
    };
  });
  const pending = (): Promise<void> | null => {
    asked++;
    return ready ? null : compiled;
  };
  Object.assign(run.program, { pending });
  return { release, asked: () => asked };
}

describe('measures whose kernels are not there yet', () => {
  const steps = 45;

  it.each([
    ['are waited for when they are due again', 60],
    ['are made as soon as they can be', 0],
  ])('%s, and are what they would have been', async (_, milliseconds) => {
    const whole = await start(measuredModel({ steps }));
    await whole.run.advanceTo(steps);
    const { run, updates } = await start(measuredModel({ steps }));
    const { release } = compileLater(run);
    const done = run.advanceTo(steps);
    while (run.step < 1) await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    expect(updates.filter(({ type }) => type === 'row')).toHaveLength(0);
    expect(run.step).toBeLessThan(15);
    release();
    await done;
    expect(roundedCsv(run)).toBe(roundedCsv(whole.run));
    expect(run.record().events).toEqual(whole.run.record().events);
    const kinds = (all: readonly RunUpdate[]): string[] =>
      all.flatMap((update) => ('step' in update ? [`${update.type} ${update.step}`] : []));
    expect(kinds(updates)).toEqual(kinds(whole.updates));
  });

  it('leave a checkpoint and a pause what they are', async () => {
    const whole = await start(measuredModel({ steps }));
    await whole.run.advanceTo(3);
    const { run } = await start(measuredModel({ steps }));
    const { release } = compileLater(run);
    const paused = run.advanceTo(3);
    const saved = run.checkpoint();
    setTimeout(release, 20);
    await paused;
    expect(roundedCsv(run)).toBe(roundedCsv(whole.run));
    const later = await start(measuredModel({ steps }), {
      checkpoint: await saved,
      csv: run.csv(),
      record: run.record(),
    });
    expect(later.run.step).toBeLessThanOrEqual(3);
    await later.run.advanceTo(steps);
    await whole.run.advanceTo(steps);
    const lastOf = (one: Run): string | undefined => roundedCsv(one).split('\n').at(-2);
    expect(lastOf(later.run)).toBe(lastOf(whole.run));
  });

  it('are begun again when the device goes before they come', async () => {
    const whole = await start(measuredModel({ steps }));
    await whole.run.advanceTo(steps);
    const { run } = await start(measuredModel({ steps }));
    const { asked } = compileLater(run);
    const { program } = run;
    const done = run.advanceTo(steps);
    while (asked() === 0) await new Promise((resolve) => setTimeout(resolve));
    const gone = (): Promise<never> => Promise.reject(new DeviceLost('unknown', 'gone'));
    Object.assign(program, { advance: gone });
    await done;
    expect(run.csv()).toBe(whole.run.csv());
    expect(run.record().warnings).toEqual(['the GPU was reset; resumed from step 0']);
  });

  it('do not keep the row from the table when the run fails', async () => {
    const { run } = await start(measuredModel({ steps }));
    compileLater(run);
    const done = run.advanceTo(steps);
    const failing = (): Promise<never> => Promise.reject(new Error('no'));
    Object.assign(run.program, { advance: failing });
    await expect(done).rejects.toThrow('no');
    expect(run.csv().split('\n')[1]).toMatch(/^0,[\d.]+,[\d.]+,,$/);
  });
});

describe('a model that says where to start and what to leave out', () => {
  it('starts there, with what is pruned at zero, and holds it there', async () => {
    const plain = await start(testModel({ replicas: 2, steps: 5 }));
    const { parameters } = await plain.run.program.save();
    const { stride } = plain.run.program.layout;
    const given = parameters.map((value) => 0.5 * value);
    const mask = Float32Array.from({ length: 2 * stride }, (_, k) => (k % 3 === 0 ? 0 : 1));
    const { run } = await start({
      ...testModel({ replicas: 2, steps: 5 }),
      start: given,
      mask,
      keepAt: [0, 3],
    });
    const before = (await run.program.save()).parameters;
    before.forEach((value, k) => expect(value).toBe(given[k] * mask[k]));
    await run.advanceTo(5);
    const after = (await run.program.save()).parameters;
    after.forEach((value, k) => mask[k] === 0 && expect(value).toBe(0));
    expect(after).not.toEqual(before);
    expect(run.checkpoints().map(({ step }) => step)).toEqual([0, 3]);
    expect(run.checkpoints()[0].parameters).toEqual(before);
  });

  it('keeps single steps beside every so many, through a resumption', async () => {
    const model = (): TrainingModel => ({
      ...testModel({ steps: 20 }),
      checkpointEvery: 8,
      keepAt: [3, 13],
    });
    const { run } = await start(model());
    await run.advanceTo(13);
    const checkpoint = await run.checkpoint();
    const again = await start(model(), { checkpoint, files: toBuffers(await run.files()) });
    await again.run.advanceTo(20);
    expect(again.run.checkpoints().map(({ step }) => step)).toEqual([0, 3, 8, 13, 16]);
    expect(again.run.checkpoints().slice(0, 4)).toEqual(run.checkpoints());
  });

  it('sends views of all replicas where asked to', async () => {
    const { run, updates } = await start({
      ...testModel({ replicas: 2, steps: 5 }),
      viewsOfAll: true,
    });
    run.watch(['logits']);
    await run.advanceTo(5);
    const view = updates.flatMap((update) => (update.type === 'view' ? [update] : [])).at(-1)!;
    expect(view.shape).toEqual([2, 24, 3]);
    expect(view.data).toHaveLength(144);
    expect(view.data.subarray(0, 72)).not.toEqual(view.data.subarray(72));
  });
});
