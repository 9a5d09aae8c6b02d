/** Runs on the CPU: the same loop as on a device, in float64 and without waiting. */
import { describe, expect, it } from 'vitest';
import { Diverged } from '../../src/gpu/errors';
import type { Model } from '../../src/lab/experiments/types';
import { startRun, type EarlierSession, type Run, type RunUpdate } from '../../src/lab/run';
import { testModel } from './model';

interface Started {
  readonly run: Run;
  readonly updates: RunUpdate[];
}

async function start(model: Model, earlier?: EarlierSession): Promise<Started> {
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

async function saved(run: Run): Promise<EarlierSession> {
  return { checkpoint: await run.checkpoint(), csv: run.csv(), record: run.record() };
}

const rowsOf = (updates: readonly RunUpdate[]): number[] =>
  updates.flatMap((update) => (update.type === 'row' ? [update.step] : []));

describe('a run', () => {
  it('measures at step 0, at every multiple of evaluateEvery and at the end', async () => {
    const { run, updates } = await start(testModel({ steps: 37, evaluateEvery: 10 }));
    expect(await run.advanceTo(37)).toBe(37);
    expect(rowsOf(updates)).toEqual([0, 10, 20, 30, 37]);
    expect(run.csv().split('\n').length).toBe(1 + 5 + 1);
    await run.advanceTo(37);
    expect(rowsOf(updates)).toEqual([0, 10, 20, 30, 37]);
  });

  it('gives the same table whether it goes in one call or in many', async () => {
    const once = await start(testModel({ steps: 60 }));
    await once.run.advanceTo(60);
    const often = await start(testModel({ steps: 60 }));
    for (const step of [10, 30, 40, 60]) await often.run.advanceTo(step);
    expect(often.run.csv()).toBe(once.run.csv());
    expect(await often.run.checkpoint()).toEqual(await once.run.checkpoint());
  });

  it('fills the record of DESIGN §7', async () => {
    const { run } = await start(testModel({ steps: 20 }));
    await run.advanceTo(20);
    const record = run.record();
    expect(Object.keys(record).sort()).toEqual(
      [
        'adapter',
        'config',
        'engine',
        'events',
        'experiment',
        'metrics',
        'results',
        'schema',
        'seconds',
        'seed',
        'steps',
        'stepsPerSecond',
        'warnings',
      ].sort(),
    );
    expect(record).toMatchObject({
      schema: 1,
      experiment: 'test',
      seed: 0,
      steps: 20,
      adapter: { runtime: 'cpu', fallback: true },
      results: { steps: 20 },
      warnings: [],
    });
    expect(record.metrics['train_loss']).toBeTypeOf('number');
    expect(record.seconds).toBeGreaterThan(0);
    expect(record.stepsPerSecond).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('keeps a number per replica in metrics and a column per replica in the table', async () => {
    const { run } = await start(testModel({ replicas: 2, steps: 20 }));
    await run.advanceTo(20);
    const { metrics } = run.record();
    expect(metrics['train_loss']).toHaveLength(2);
    expect(new Set(metrics['train_loss'] as number[]).size).toBe(2);
    expect(run.csv().split('\n')[0]).toBe(
      'step,train_loss.0,train_loss.1,train_accuracy.0,train_accuracy.1',
    );
  });

  it('notes milestones to the step, per replica', async () => {
    const { run, updates } = await start(
      testModel({ replicas: 2, steps: 200, evaluateEvery: 100 }),
    );
    await run.advanceTo(200);
    const { events } = run.record();
    const reported = updates.flatMap((update) => (update.type === 'event' ? [update.event] : []));
    expect([...events].sort((a, b) => a.step - b.step)).toEqual(events);
    expect(reported.length).toBe(events.length);
    const memorised = events.filter(({ name }) => name === 'memorised');
    expect(memorised.map(({ replica }) => replica).sort()).toEqual([0, 1]);
    expect(memorised.some(({ step }) => step % 100 !== 0)).toBe(true);
  });

  it('stops on request and goes on where it stopped', async () => {
    const { run } = await start(testModel({ steps: 5000 }));
    const going = run.advanceTo(5000);
    run.stop();
    const at = await going;
    expect(at).toBeLessThan(5000);
    expect(await run.advanceTo(at + 3)).toBe(at + 3);
  });

  it('sends the views that are watched', async () => {
    const { run, updates } = await start(testModel({ replicas: 2, steps: 5 }));
    run.watch(['logits', 'unknown']);
    await run.advanceTo(5);
    const views = updates.flatMap((update) => (update.type === 'view' ? [update] : []));
    expect(views.at(-1)).toMatchObject({ name: 'logits', step: 5, shape: [24, 3] });
    expect(views.at(-1)!.data.length).toBe(72);
    expect(new Set(views.map(({ name }) => name))).toEqual(new Set(['logits']));
  });
});

describe('a resumed run', () => {
  it('ends as an uninterrupted one does: table, events and parameters', async () => {
    const model = (): Model => testModel({ replicas: 2, steps: 200 });
    const whole = await start(model());
    await whole.run.advanceTo(200);
    const first = await start(model());
    await first.run.advanceTo(70);
    const second = await start(model(), await saved(first.run));
    expect(second.run.step).toBe(70);
    await second.run.advanceTo(200);
    // In the reference parameters are float64; a checkpoint rounds them to float32, and so does the device.
    const numbers = (csv: string): number[] =>
      csv
        .split('\n')
        .slice(1, -1)
        .flatMap((row) => row.split(',').map(Number));
    numbers(second.run.csv()).forEach((value, k) =>
      expect(value).toBeCloseTo(numbers(whole.run.csv())[k], 4),
    );
    const names = (run: Run): string[] =>
      run.record().events.map(({ name, replica }) => `${name}.${replica}`);
    expect(names(second.run).sort()).toEqual(names(whole.run).sort());
    expect(second.run.record().seconds).toBeGreaterThan(first.run.record().seconds);
  });

  it('drops rows and events after the step of its checkpoint', async () => {
    const first = await start(testModel({ steps: 100 }));
    await first.run.advanceTo(50);
    const { checkpoint } = await saved(first.run);
    await first.run.advanceTo(100);
    const { csv, record } = await saved(first.run);
    const second = await start(testModel({ steps: 100 }), { checkpoint, csv, record });
    expect(second.run.step).toBe(50);
    expect(second.run.csv().trim().split('\n').at(-1)).toMatch(/^50,/);
    for (const { step } of second.run.record().events) expect(step).toBeLessThanOrEqual(50);
  });
});

describe('a run that diverges', () => {
  it('names step and replica and keeps its data', async () => {
    const { run, updates } = await start(testModel({ steps: 100, lr: 1e3 }));
    run.program.restore(await poisoned(run, 0));
    const failure = await run.advanceTo(100).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Diverged);
    expect(failure).toMatchObject({ step: 0, replica: 0 });
    expect(String((failure as Error).message)).toMatch(/step 0, replica 0/);
    expect(run.record().events).toContainEqual({ name: 'diverged', step: 0, replica: 0 });
    expect(run.record().warnings).toEqual(['replica 0 diverged at step 0']);
    expect(
      updates.some((update) => update.type === 'event' && update.event.name === 'diverged'),
    ).toBe(true);
    expect((await run.checkpoint()).length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(run.record()))).toMatchObject({
      metrics: { train_accuracy: 0 },
    });
  });

  it('goes on with the replicas that are well', async () => {
    const { run } = await start(testModel({ replicas: 3, steps: 30 }));
    run.program.restore(await poisoned(run, 1));
    expect(await run.advanceTo(30)).toBe(30);
    const { events, warnings, metrics } = run.record();
    expect(events.filter(({ name }) => name === 'diverged')).toEqual([
      { name: 'diverged', step: 0, replica: 1 },
    ]);
    expect(warnings).toEqual(['replica 1 diverged at step 0']);
    const losses = metrics['train_loss'] as number[];
    expect(losses.map((loss) => Number.isFinite(loss))).toEqual([true, false, true]);
  });
});

/** The state of a run with a parameter of one replica that is not a number. */
async function poisoned(run: Run, replica: number) {
  const snapshot = await run.program.save();
  const parameters = snapshot.parameters.slice();
  parameters[replica * run.program.layout.stride] = NaN;
  return { ...snapshot, parameters };
}
