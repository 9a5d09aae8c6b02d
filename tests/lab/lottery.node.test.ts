/** The lottery experiment on few digits in float64: masks, rewinding, early stops, results, going on, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import { initialParameters, layOutParameters } from '../../src/graph/layout';
import { createGraph } from '../../src/graph/node';
import { findExperiment } from '../../src/lab/experiments';
import { lottery } from '../../src/lab/experiments/lottery';
import { buildClassifier } from '../../src/lab/experiments/lottery-network';
import { shareLeft } from '../../src/lab/experiments/lottery-shares';
import { lotteryPresets } from '../../src/lab/experiments/lottery-presets';
import type { LotteryResults } from '../../src/lab/experiments/lottery-results';
import type { StageOutcome } from '../../src/lab/experiments/types';
import { STAGES } from '../../src/lab/files';
import { parseCsv } from '../../src/lab/csv-read';
import type { Run, RunUpdate } from '../../src/lab/run';
import { startWhole } from '../../src/lab/run-whole';
import { readStages } from '../../src/lab/stages-read';

const raw = {
  schema: 1,
  experiment: 'lottery',
  data: { side: '14', train: 40, validation: 20, test: 20 },
  network: { hidden: [12, 8] },
  optimizer: { lr: 0.02 },
  batchSize: 10,
  steps: 12,
  rounds: 3,
  pruned: 0.5,
  networks: 2,
  random: 1,
  evaluateEvery: 3,
};
const WEIGHTS = { 'layers.0.weight': 196 * 12, 'layers.1.weight': 96, 'layers.2.weight': 80 };
const ALL = Object.values(WEIGHTS).reduce((sum, count) => sum + count, 0);

const parsed = (more: object) => lottery.parse({ ...raw, ...more });
const cpu = { runtime: 'cpu', openDevice: () => Promise.resolve(null) } as const;

interface Finished {
  readonly run: Run;
  readonly updates: readonly RunUpdate[];
  readonly results: LotteryResults;
  readonly stages: readonly StageOutcome[];
}

async function finish(more: object): Promise<Finished> {
  const updates: RunUpdate[] = [];
  const model = lottery.build(parsed(more));
  const run = await startWhole({ model, onUpdate: (update) => void updates.push(update), ...cpu });
  await run.advanceTo(run.total);
  const stored = readStages((await run.files())[STAGES]);
  return {
    run,
    updates,
    results: run.record().results as LotteryResults,
    stages: stored.done.map(({ outcome }) => outcome),
  };
}

const usual = finish({});
const layout = (() => {
  const graph = createGraph();
  buildClassifier(graph, parsed({}));
  return layOutParameters(graph);
})();
const { stride } = layout;

describe('a lottery run', () => {
  it('prunes half of what is left in each round, a quarter in the output layer, no biases', async () => {
    const { results } = await usual;
    expect(results.levels.map(({ round }) => round)).toEqual([0, 1, 2, 3]);
    results.levels.forEach(({ tensors, left }, round) => {
      const kept = {
        'layers.0.weight': Math.round(2352 * 0.5 ** round),
        'layers.1.weight': Math.round(96 * 0.5 ** round),
        'layers.2.weight': 80 - Math.round(80 * (1 - 0.75 ** round)),
      };
      for (const [name, count] of Object.entries(kept))
        expect(tensors[name] * WEIGHTS[name as keyof typeof WEIGHTS]).toBeCloseTo(count, 9);
      expect(left).toBeCloseTo(Object.values(kept).reduce((a, b) => a + b, 0) / ALL, 12);
      expect(shareLeft(parsed({}), round)).toBeCloseTo(left, 12);
    });
  });

  it('takes the smallest weights of the round before and revives none', async () => {
    const { stages } = await usual;
    expect(stages).toHaveLength(3);
    for (let round = 1; round < stages.length; round++) {
      const masks = stages[round].keep['masks'];
      const before = stages[round - 1];
      const old = before.keep['masks'] as Float32Array | undefined;
      const weights = before.checkpoints.at(-1)!.parameters;
      for (let trial = 0; trial < 2; trial++) {
        for (const { name, offset, size } of layout.places) {
          const kept: number[] = [];
          const gone: number[] = [];
          for (let k = trial * stride + offset; k < trial * stride + offset + size; k++) {
            if (old && old[k] === 0) expect(masks[k]).toBe(0);
            else (masks[k] === 1 ? kept : gone).push(Math.abs(weights[k]));
          }
          if (name.endsWith('bias')) expect(gone).toEqual([]);
          else expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(...gone));
        }
      }
    }
  });

  it('rewinds tickets to the bits of the first weights and draws new ones for the others', async () => {
    const first = initialParameters(layout, [
      [0, 0],
      [0, 1],
    ]);
    const { stages } = await usual;
    expect(stages[0].checkpoints[0]).toEqual({ step: 0, parameters: first });
    const { model } = await buildRound(1, stages);
    const { start, mask, keys } = model;
    expect(keys).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 1],
    ]);
    const own = (values: Float32Array, replica: number) =>
      values.subarray(replica * stride, (replica + 1) * stride);
    for (let trial = 0; trial < 2; trial++) {
      expect(own(start!, trial)).toEqual(own(first, trial));
      expect(own(mask!, 2 + trial)).toEqual(own(mask!, trial));
      const begun = own(start!, 2 + trial);
      const equal = [...own(first, trial)].filter((w, k) => w !== 0 && w === begun[k]);
      expect(equal).toEqual([]);
    }
    expect(own(start!, 2)).not.toEqual(own(start!, 3));
    const next = await buildRound(2, stages);
    expect(own(next.model.start!, 0)).toEqual(own(first, 0));
    expect(own(next.model.start!, 2)).not.toEqual(own(start!, 2));
  });

  it('rewinds to a later step', async () => {
    const { stages } = await finish({ rewindStep: 4, rounds: 2 });
    const { model } = await buildRound(1, stages, { rewindStep: 4, rounds: 2 });
    const kept = stages[0].checkpoints.find(({ step }) => step === 4)!.parameters;
    expect(model.start!.subarray(0, 2 * stride)).toEqual(kept);
    expect(kept).not.toEqual(stages[0].checkpoints.find(({ step }) => step === 0)?.parameters);
  });

  it('keeps what is pruned at zero to the end', async () => {
    const { stages } = await usual;
    const { parameters } = stages[1].checkpoints.at(-1)!;
    const masks = stages[1].keep['masks'];
    // Replicas 0 and 2 are the ticket of trial 0 and its new start.
    for (const replica of [0, 2])
      for (const { offset, size } of layout.places)
        for (let k = offset; k < offset + size; k++)
          if (masks[k] === 0) expect(parameters[replica * stride + k]).toBe(0);
  });

  it('stops each network at its least validation loss', async () => {
    const { results, run } = await usual;
    const { columns, rows } = parseCsv(run.csv());
    const column = (name: string): (number | null)[] =>
      rows.map((row) => row[columns.indexOf(name)]);
    const steps = column('step');
    expect(steps).toEqual([0, 3, 6, 9, 12]);
    const trials = results.levels.flatMap(({ tickets, random }) => [...tickets, ...random]);
    expect(trials).toHaveLength(2 + 3 * 4);
    trials.forEach((trial, entry) => {
      const losses = column(`validation_loss.${entry}`).map(Number);
      const best = losses.indexOf(Math.min(...losses));
      expect(trial.earlyStop).toBe(steps[best]);
      expect(trial.validationLoss).toBeCloseTo(losses[best], 5);
      expect(trial.testAccuracy).toBeCloseTo(column(`test_accuracy.${entry}`)[best]!, 5);
      expect(trial.finalTestAccuracy).toBeCloseTo(column(`test_accuracy.${entry}`)[4]!, 5);
      expect(trial.finalTrainAccuracy).toBeCloseTo(column(`train_accuracy.${entry}`)[4]!, 5);
    });
    expect(new Set(trials.map(({ validationLoss }) => validationLoss)).size).toBe(trials.length);
  });

  it('names stages and networks, and shows the masks of the first layer', async () => {
    const { updates } = await usual;
    const stages = updates.flatMap((one) => (one.type === 'stage' ? [one] : []));
    expect(stages.map(({ name }) => name)).toEqual(['dense', 'round 1', 'round 2', 'round 3']);
    expect(stages[1].names).toEqual([
      'ticket, round 1, trial 1',
      'ticket, round 1, trial 2',
      'new start, round 1, trial 1',
      'new start, round 1, trial 2',
    ]);
    const views = (name: string) =>
      updates.flatMap((one) => (one.type === 'view' && one.name === name ? [one] : []));
    const [pixels] = views('pixels').slice(-1);
    expect(pixels.shape).toEqual([2, 14, 14]);
    const [first] = views('first').slice(-1);
    expect(first.shape).toEqual([12, 14, 14]);
    const ones = first.data.reduce((sum, bit) => sum + bit, 0);
    expect(ones).toBe(2352 / 8);
    const shares = pixels.data.subarray(0, 196).reduce((sum, share) => sum + share, 0);
    expect(12 * shares).toBeCloseTo(ones, 3);
  });

  it('learns', async () => {
    const { results } = await finish({
      data: { ...raw.data, difficulty: 0.3 },
      steps: 60,
      rounds: 1,
      networks: 1,
      random: 0,
    });
    const [dense, ticket] = results.levels;
    expect(dense.tickets[0].testAccuracy).toBeGreaterThan(0.8);
    expect(ticket.tickets[0].testAccuracy).toBeGreaterThan(0.8);
    expect(ticket.random).toEqual([]);
  });

  it('ranks all layers in one pool when asked to', async () => {
    const { results } = await finish({ scope: 'global', outputRate: 0, rounds: 1, networks: 1 });
    const [, { tensors, left }] = results.levels;
    expect(tensors['layers.2.weight']).toBe(1);
    expect(left).toBeCloseTo((ALL - Math.round(0.5 * (ALL - 80))) / ALL, 12);
    const global = parsed({ scope: 'global', outputRate: 0, rounds: 1, networks: 1 });
    expect(shareLeft(global, 1)).toBeCloseTo(left, 12);
  });

  it('estimates λ̂ of the first ticket of each round', async () => {
    const llc = { chains: 2, draws: 6, burnin: 2, lr: 1e-5, localization: 10 };
    const { results, run } = await finish({ rounds: 1, networks: 1, llc });
    expect(run.step).toBe(run.total);
    for (const level of results.levels)
      expect(level.llc).toMatchObject({ perChain: [expect.any(Number), expect.any(Number)] });
  });

  it('goes on where it stopped, and takes up finished rounds for more of them', async () => {
    const model = lottery.build(parsed({}));
    const first = await startWhole({ model, onUpdate: () => undefined, ...cpu });
    await first.advanceTo(30);
    const checkpoint = await first.checkpoint();
    const files = await first.files();
    const earlier = {
      checkpoint,
      files: Object.fromEntries(
        Object.entries(files).map(([name, bytes]) => [name, bytes.slice().buffer]),
      ),
    };
    const second = await startWhole({ model, earlier, onUpdate: () => undefined, ...cpu });
    expect(second.step).toBe(30);
    await second.advanceTo(second.total);
    // In the middle of a round a checkpoint rounds to float32.
    expect(second.csv().split('\n')[0]).toBe((await usual).run.csv().split('\n')[0]);
    const whole = (await usual).results.levels;
    (second.record().results as LotteryResults).levels.forEach(({ tickets, left }, round) => {
      expect(left).toBe(whole[round].left);
      tickets.forEach(({ earlyStop, validationLoss }, trial) => {
        expect(earlyStop).toBe(whole[round].tickets[trial].earlyStop);
        expect(validationLoss).toBeCloseTo(whole[round].tickets[trial].validationLoss!, 6);
      });
    });
    const more = lottery.build(parsed({ rounds: 4 }));
    const longer = await startWhole({
      model: more,
      files: await second.files(),
      onUpdate: () => undefined,
      ...cpu,
    });
    expect(longer.step).toBe(36);
    const other = lottery.build(parsed({ seed: 1 }));
    const anew = await startWhole({ model: other, files, onUpdate: () => undefined, ...cpu });
    expect(anew.step).toBe(0);
  });
});

async function buildRound(round: number, done: readonly StageOutcome[], more: object = {}) {
  const model = lottery.build(parsed(more));
  const tools = { table: { steps: [], values: {} } } as never;
  const stage = await model.build(round, done, tools);
  if (!('loss' in stage.model)) throw new Error('not a training');
  return { model: stage.model };
}

describe('what a lottery configuration must keep to', () => {
  const refused: readonly (readonly [object, string])[] = [
    [{ rewindStep: 13 }, 'rewindStep'],
    [{ evaluateEvery: 13 }, 'evaluateEvery'],
    [{ batchSize: 41 }, 'batchSize'],
    [{ rounds: 12 }, 'rounds'],
    [{ network: { hidden: [12, 1] }, pruned: 0.99, rounds: 1 }, 'rounds'],
    [{ scope: 'global' }, 'outputRate'],
    [{ network: { hidden: [4096, 4096, 4096] } }, 'network.hidden'],
    [{ networks: 64, random: 40, rounds: 3 }, 'networks'],
    [{ networks: 30, random: 64, rounds: 3 }, 'random'],
    [{ optimizer: { schedule: 'linear', warmup: 20 } }, 'optimizer.warmup'],
    [{ data: { side: '20' } }, 'data.side'],
    [{ data: { train: 60_001 } }, 'data.train'],
    [{ llc: { nbeta: 'nlogn', batchSize: 41 } }, 'llc'],
  ];
  it.each(refused)('%j is refused at %s', (more, path) => {
    let found: unknown;
    try {
      lottery.build(parsed(more));
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(BadConfig);
    expect((found as BadConfig).path.startsWith(path)).toBe(true);
    expect((found as BadConfig).message).not.toContain('\n');
  });
});

describe('lottery presets', () => {
  it.each(lotteryPresets.map(({ name }) => name))('%s can be built', (name) => {
    const { config } = lotteryPresets.find((preset) => preset.name === name)!;
    const model = findExperiment(config).build(findExperiment(config).parse(config));
    expect(model.steps).toBeGreaterThan(1000);
  });
});
