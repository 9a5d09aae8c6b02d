/** Runs in stages: rows of all networks in one table, resumption inside and behind stages, outcomes used again. */
import { describe, expect, it } from 'vitest';
import { BadCheckpoint, DeviceLost } from '../../src/gpu/errors';
import type { StagedModel, StageOutcome } from '../../src/lab/experiments/types';
import { STAGES, toBuffers } from '../../src/lab/files';
import type { Run, RunOptions, RunUpdate } from '../../src/lab/run';
import { startWhole } from '../../src/lab/run-whole';
import { openNodeGpu } from '../../scripts/lab/node';
import { testModel } from './model';

interface Made {
  readonly model: StagedModel;
  /** Stages built, in order. */
  readonly built: number[];
}

/** A base of 30 steps, then two networks from its weights at step 10, one of them masked; the last for `steps`. */
function stagedModel(steps = 20): Made {
  const built: number[] = [];
  const columns = ['train_loss', 'train_accuracy'];
  const model: StagedModel = {
    staged: true,
    experiment: 'test',
    config: { schema: 1, experiment: 'test', steps },
    seed: 0,
    replicas: 3,
    steps: 30 + steps,
    evaluateEvery: 10,
    entries: ['base', 'again', 'masked'],
    columns,
    milestones: [],
    stages: [
      { name: 'base', steps: 30, entries: [0] },
      { name: 'tickets', steps, entries: [1, 2] },
    ],
    signature: (count) => ['base', `tickets ${steps}`].slice(0, count).join(),
    async build(k, done) {
      built.push(k);
      if (k === 0) return { model: { ...testModel({ steps: 30 }), checkpointEvery: 10 } };
      return Promise.resolve(ticketStage(done[0], steps));
    },
    summarize: ({ stage, keeps, done }) => ({ stage, keeps: keeps.length, done: done.length }),
  };
  return { model, built };
}

function ticketStage({ layout, checkpoints }: StageOutcome, steps: number) {
  const { parameters } = checkpoints.find(({ step }) => step === 10)!;
  const { stride } = layout;
  const start = new Float32Array(2 * stride);
  start.set(parameters);
  start.set(parameters, stride);
  const masks = new Float32Array(2 * stride).fill(1);
  for (let k = 0; k < stride; k += 2) masks[stride + k] = 0;
  const model = testModel({ replicas: 2, steps, evaluateEvery: 5 });
  return {
    model: { ...model, keys: [model.keys[0], model.keys[0]], start, mask: masks },
    keep: { masks },
    views: { masks: { shape: [2, stride], data: masks } },
  };
}

async function start(
  model: StagedModel,
  more: Partial<RunOptions> = {},
): Promise<{ run: Run; updates: RunUpdate[] }> {
  const updates: RunUpdate[] = [];
  const run = await startWhole({
    model,
    runtime: 'cpu',
    openDevice: () => Promise.resolve(null),
    onUpdate: (update) => updates.push(update),
    ...more,
  });
  return { run, updates };
}

async function earlierOf(run: Run) {
  const checkpoint = await run.checkpoint();
  const files = toBuffers(await run.files());
  return { checkpoint, files, csv: run.csv(), record: run.record() };
}

const onDevice = { runtime: 'node', openDevice: () => openNodeGpu() } as const;

describe('a run in stages', () => {
  it('has the rows of all networks in one table, each at its own steps', async () => {
    const { run, updates } = await start(stagedModel().model);
    expect(run.total).toBe(50);
    expect(await run.advanceTo(50)).toBe(50);
    const [head, ...rows] = run
      .csv()
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    expect(head.slice(0, 4)).toEqual(['step', 'train_loss.0', 'train_loss.1', 'train_loss.2']);
    const filled = rows.map((row) => row.slice(0, 4).map((cell) => cell !== ''));
    expect(rows.map(([step]) => Number(step))).toEqual([0, 5, 10, 15, 20, 30]);
    expect(filled).toEqual([
      [true, true, true, true],
      [true, false, true, true],
      [true, true, true, true],
      [true, false, true, true],
      [true, true, true, true],
      [true, true, false, false],
    ]);
    const last = run.record().metrics['train_loss'] as number[];
    expect(last.map(String)).toEqual([rows[5][1], rows[4][2], rows[4][3]]);
    for (const update of updates)
      if (update.type === 'row') expect(update.values['train_loss']).toHaveLength(3);
  });

  it('tells of its stages, draws what they come with and counts their steps together', async () => {
    const { run, updates } = await start(stagedModel().model);
    expect(updates.filter(({ type }) => type === 'stage')).toEqual([
      { type: 'stage', index: 0, count: 2, name: 'base', entries: [0], names: ['base'] },
    ]);
    expect(await run.advanceTo(30)).toBe(30);
    expect(run.record().results).toEqual({ stage: 0, keeps: 1, done: 1 });
    expect(await run.advanceTo(34)).toBe(34);
    const stage = updates.filter(({ type }) => type === 'stage').at(-1);
    expect(stage).toMatchObject({ index: 1, entries: [1, 2], names: ['again', 'masked'] });
    expect(updates.find((one) => one.type === 'view' && one.name === 'masks')).toBeDefined();
    await run.advanceTo(50);
    expect(run.record()).toMatchObject({ steps: 50, results: { stage: null, keeps: 2, done: 2 } });
    const replicas = new Set(run.record().events.map(({ replica }) => replica));
    expect([...replicas].sort()).toEqual([0, 1, 2]);
  });

  it('trains a stage as a run of its own would', async () => {
    const { run } = await start(stagedModel().model);
    await run.advanceTo(50);
    const alone = await start({ ...stagedModel().model });
    for (const to of [7, 30, 31, 44, 50]) await alone.run.advanceTo(to);
    const strip = (csv: string): string[] => csv.split('\n').filter((row) => /^\d+0?,/.test(row));
    const whole = strip(run.csv());
    const parts = strip(alone.run.csv());
    expect(whole.every((row) => parts.includes(row))).toBe(true);
  });
});

describe('a run in stages that loses its device', () => {
  it('goes on inside the stage, with the same rows', async () => {
    const whole = await start(stagedModel().model);
    await whole.run.advanceTo(50);
    const { run, updates } = await start(stagedModel().model);
    await run.advanceTo(36);
    const gone = (): Promise<never> => Promise.reject(new DeviceLost('unknown', 'gone'));
    Object.assign(run.program, { advance: gone });
    await run.advanceTo(50);
    const restored = updates.find(({ type }) => type === 'restoring');
    expect(restored).toMatchObject({ step: 30 });
    expect(
      run
        .csv()
        .split('\n')
        .filter((row) => !row.startsWith('6,')),
    ).toEqual(whole.run.csv().split('\n'));
    expect(run.record().warnings).toEqual(['tickets: the GPU was reset; resumed from step 0']);
  });
});

describe('a resumed run in stages', () => {
  const facts = ({ run }: { run: Run }): string => {
    const { events, results, metrics, steps } = run.record();
    return JSON.stringify({ events, results, metrics, steps });
  };

  /** Interrupted at a step and gone on with, against a run in one piece. */
  async function compareAt(at: number, whole: { run: Run }, more: Partial<RunOptions>) {
    const first = await start(stagedModel().model, more);
    await first.run.advanceTo(at);
    const earlier = await earlierOf(first.run);
    first.run.dispose();
    const made = stagedModel();
    const second = await start(made.model, { ...more, earlier });
    expect(second.run.step).toBe(at);
    expect(made.built).toEqual([at > 30 ? 1 : 0]);
    await second.run.advanceTo(50);
    expect(second.run.csv()).toBe(whole.run.csv());
    expect(await second.run.checkpoint()).toEqual(await whole.run.checkpoint());
    expect(facts(second)).toBe(facts(whole));
    second.run.dispose();
  }

  it('goes on at the end of a stage as if never interrupted', async () => {
    const whole = await start(stagedModel().model);
    await whole.run.advanceTo(50);
    await compareAt(30, whole, {});
    await compareAt(50, whole, {});
  });

  it('goes on within a stage as if never interrupted, bit for bit on a device', async () => {
    const whole = await start(stagedModel().model, onDevice);
    await whole.run.advanceTo(50);
    await compareAt(35, whole, onDevice);
    whole.run.dispose();
  });

  it('uses the outcomes of stages that have not changed, and their rows', async () => {
    const first = await start(stagedModel(20).model);
    await first.run.advanceTo(50);
    const files = await first.run.files();
    const made = stagedModel(25);
    const { run } = await start(made.model, { files });
    expect(made.built).toEqual([1]);
    expect(run.step).toBe(30);
    await run.advanceTo(run.total);
    const base = (csv: string): string[] =>
      csv
        .split('\n')
        .map((row) => row.split(',').slice(0, 2).join())
        .filter((row) => /,./.test(row));
    expect(base(run.csv())).toEqual(base(first.run.csv()));
    const changed = { ...stagedModel(20).model, signature: () => 'another' };
    expect((await start(changed, { files })).run.step).toBe(0);
  });

  it('starts a stage anew whose checkpoint is of another configuration', async () => {
    const first = await start(stagedModel(20).model);
    await first.run.advanceTo(40);
    const { run } = await start(stagedModel(25).model, { earlier: await earlierOf(first.run) });
    expect(run.step).toBe(30);
  });

  it('needs its stages beside the checkpoint, whole', async () => {
    const first = await start(stagedModel().model);
    await first.run.advanceTo(40);
    const earlier = await earlierOf(first.run);
    const without = start(stagedModel().model, { earlier: { ...earlier, files: {} } });
    await expect(without).rejects.toThrow(BadCheckpoint);
    const damaged = { [STAGES]: earlier.files[STAGES].slice(0, 200) };
    await expect(
      start(stagedModel().model, { earlier: { ...earlier, files: damaged } }),
    ).rejects.toThrow(BadCheckpoint);
  });
});
