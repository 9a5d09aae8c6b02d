import { describe, expect, it } from 'vitest';
import { countParameters } from '../../src/nn/types';
import { createGraph } from '../../src/graph/node';
import { interpret } from '../../src/graph/reference';
import type { Program } from '../../src/graph/program';
import { experiments, findExperiment, findPreset, presets } from '../../src/lab/experiments';
import { buildNetwork } from '../../src/lab/experiments/modular-network';
import { splitData } from '../../src/lab/experiments/modular-parts';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import type { ModularConfig } from '../../src/lab/experiments/modular-schema';
import type { TrainingModel } from '../../src/lab/experiments/types';
import { createTable } from '../../src/lab/table';

/** A model small enough for the reference, of the given differences from the defaults. */
function build(changes: Record<string, unknown> = {}): TrainingModel {
  const config = modularAddition.parse({
    data: { modulus: 7, fraction: 0.6 },
    network: { width: 8, hidden: 6, heads: 2 },
    ...changes,
  });
  return modularAddition.build(config);
}

function start(model: TrainingModel): Program {
  return interpret({
    keys: model.keys,
    data: model.data,
    training: { loss: model.loss, metrics: model.metrics, update: model.update },
    evaluations: { metrics: model.evaluation, views: model.views },
  });
}

const transformer = { kind: 'transformer', width: 8, hidden: 6, heads: 2 };

describe('names', () => {
  it('find presets and experiments, or say what was probably meant', () => {
    expect(findPreset('modular-addition.paper').config).toMatchObject({ steps: 40_000 });
    expect(() => findPreset('modular-addition.quik')).toThrow(
      /^preset: no preset is called "modular-addition.quik": .*Did you mean modular-addition.quick\?/,
    );
    expect(findExperiment({ experiment: 'modular-addition' })).toBe(
      experiments['modular-addition'],
    );
    expect(() => findExperiment({ experiment: 'modular-adition' })).toThrow(
      /Did you mean modular-addition/,
    );
    expect(() => findExperiment({ experiment: 'toString' })).toThrow(/^experiment: no kind/);
    expect(() => findExperiment(null)).toThrow(/^experiment: missing/);
  });
});

describe('presets', () => {
  it.each(presets)('$name is complete and buildable up to its network', ({ config }) => {
    const experiment = findExperiment(config);
    const parsed = experiment.parse(config) as ModularConfig;
    expect(parsed).toMatchObject(config);
    expect(experiment.parse(parsed)).toEqual(parsed);
  });

  it('have the networks and splits of the papers', () => {
    const trained = presets.filter(({ name }) => name.startsWith('modular-addition.'));
    // The 4,428 weights of the learning-coefficient post.
    const post = findPreset('llc.modular-addition');
    const sizes = [...trained, post].map(({ config }) => {
      const parsed = modularAddition.parse(config);
      const [split] = splitData(parsed);
      const network = buildNetwork(createGraph(), parsed, split);
      return [countParameters(network), split.train.labels.length, split.test.labels.length];
    });
    expect(sizes).toEqual([
      [25_856, 715, 716],
      [56_512, 1404, 1405],
      [226_816, 3830, 8939],
      [4428, 2247, 562],
    ]);
  });
});

describe('modular addition', () => {
  it('fills in defaults and takes null for the batch', () => {
    const config = modularAddition.parse({ experiment: 'modular-addition', batchSize: null });
    expect(config.batchSize).toBeNull();
    expect(config.optimizer).toMatchObject({ lr: 0.01, weightDecay: 1 });
    expect(modularAddition.parse({ batchSize: 64 }).batchSize).toBe(64);
    expect(() => modularAddition.parse({ batchSize: 0 })).toThrow(/^batchSize: got 0/);
  });

  it('names the path of what is wrong', () => {
    expect(() => build({ data: { modulus: 8, operation: 'divide', pairs: 'ordered' } })).toThrow(
      /^data.modulus: got 8 for divide: division needs a prime/,
    );
    expect(() => build({ network: { ...transformer, heads: 3 } })).toThrow(/^network.heads: got 3/);
    expect(() => build({ network: { init: 'nanda' } })).toThrow(/^network.init: got nanda for mlp/);
    expect(() =>
      build({ network: { equals: false, kind: 'transformer', equalsClass: true } }),
    ).toThrow(/^network.equalsClass/);
    const late = { schedule: 'cosine', warmup: 2000 };
    expect(() => build({ optimizer: late })).toThrow(/^optimizer.warmup: got 2000 of 2000/);
  });

  it('starts at chance: cross-entropy near ln p', async () => {
    for (const network of [{ width: 8, hidden: 6 }, transformer]) {
      const { outputs } = await start(build({ network })).advance(0, 'metrics');
      expect(outputs!['train_loss'][0]).toBeGreaterThan(0.8 * Math.log(7));
      expect(outputs!['train_loss'][0]).toBeLessThan(1.6 * Math.log(7));
      expect(outputs!['weight_norm'][0]).toBeGreaterThan(5);
    }
  });

  it('memorises a small table', async () => {
    const program = start(
      build({ network: { width: 16, hidden: 24 }, optimizer: { weightDecay: 0 } }),
    );
    const { rows, outputs } = await program.advance(150, 'metrics');
    expect(program.metrics).toEqual(['train_loss', 'train_accuracy']);
    expect(rows[0]).toBeGreaterThan(1);
    expect(outputs!['train_accuracy'][0]).toBe(1);
    expect(outputs!['train_loss'][0]).toBeLessThan(0.05);
  });

  it('gives replica r the split and start of seed + r', async () => {
    const both = start(build({ replicas: 2, seed: 5, network: transformer }));
    const second = start(build({ seed: 6, network: transformer }));
    const [pair, alone] = [await both.advance(3, 'metrics'), await second.advance(3, 'metrics')];
    for (const name of ['train_loss', 'test_loss', 'weight_norm']) {
      expect(pair.outputs![name]).toHaveLength(2);
      expect(pair.outputs![name][1]).toBe(alone.outputs![name][0]);
      expect(pair.outputs![name][0]).not.toBe(pair.outputs![name][1]);
    }
  });

  it('draws another mini-batch at every step, and the same ones again', async () => {
    const run = async (): Promise<number[]> => {
      const { rows } = await start(build({ batchSize: 5, optimizer: { lr: 0 } })).advance(8);
      return [...rows].filter((_, i) => i % 2 === 0);
    };
    const losses = await run();
    expect(new Set(losses).size).toBeGreaterThan(4);
    expect(await run()).toEqual(losses);
  });

  it('does not move in the first update of a warm-up', async () => {
    const program = start(build({ optimizer: { warmup: 10 } }));
    const before = await program.save();
    await program.advance(1);
    expect((await program.save()).parameters).toEqual(before.parameters);
    await program.advance(1);
    expect((await program.save()).parameters).not.toEqual(before.parameters);
  });

  it('has an attention map of each head and a margin for every pair', async () => {
    const model = build({ network: transformer });
    const { outputs } = await start(model).advance(0, 'views');
    expect(model.views['embedding'].shape).toEqual([8, 8]);
    expect(model.views['attention'].shape).toEqual([2, 7, 7]);
    expect(model.views['logits'].shape).toEqual([7, 7]);
    for (const share of outputs!['attention']) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
    }
    // The share of pairs with a positive margin is the accuracy over all pairs.
    const metrics = (await start(model).advance(0, 'metrics')).outputs!;
    const pairs = build({ network: transformer }).data;
    const [train, test] = [pairs['train.labels'].length, pairs['test.labels'].length];
    expect(train + test).toBe(28);
    const right = outputs!['logits'].filter(
      (margin, i) => margin > 0 && Math.floor(i / 7) <= i % 7,
    );
    expect(right.length).toBe(
      Math.round(metrics['train_accuracy'][0] * train + metrics['test_accuracy'][0] * test),
    );
  });

  it('leaves cells without a result out of the margins', async () => {
    const model = build({ data: { modulus: 7, operation: 'divide', pairs: 'ordered' } });
    const { outputs } = await start(model).advance(0, 'views');
    outputs!['logits'].forEach((margin, i) => {
      if (i % 7 === 0) expect(Math.abs(margin)).toBe(0);
      else expect(margin).not.toBe(0);
    });
  });

  it('builds every variant of the networks', async () => {
    const variants = [
      { input: 'one-hot', separate: true, outProjection: false, activation: 'quadratic' },
      { tied: true, init: 'pytorch', biases: 'mlp' },
      { ...transformer, equals: false, positions: false, causal: false, init: 'pizza' },
      { ...transformer, layers: 2, layerNorm: true, biases: 'all', tied: true },
      { ...transformer, hidden: 0, equalsClass: true, forward: 'full' },
    ];
    for (const network of variants) {
      const program = start(build({ network: { width: 8, hidden: 6, heads: 2, ...network } }));
      const { rows, outputs } = await program.advance(2, 'views');
      expect([...rows, ...outputs!['logits']].every(Number.isFinite)).toBe(true);
      program.dispose();
    }
  });

  it('summarises when each replica reached what', () => {
    const table = createTable(['test_accuracy', 'test_loss'], 1);
    const events = [{ name: 'memorised', step: 40, replica: 0 }];
    expect(build().summarize({ table, events, step: 60 })).toMatchObject({
      steps: 60,
      memorised: 40,
      generalised: null,
    });
    expect(build({ replicas: 2 }).summarize({ table, events, step: 60 })).toMatchObject({
      memorised: [40, null],
    });
  });
});
