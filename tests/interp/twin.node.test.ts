/** Traced measures, which take shortcuts through sums and differences, against the twin, which takes none. */
import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/graph/reference';
import { measureTables } from '../../src/interp/reference';
import { trainingSpec } from '../../src/lab/drivers/training';
import { expectSame, measureWith } from './compare';
import { buildRun, plainSubject, weightsOf } from './plain';

async function compareRun(given: object, steps: number): Promise<void> {
  const { config, model, measures } = buildRun(given);
  const program = interpret(trainingSpec(model));
  await program.advance(steps);
  // What is saved is float32; put back, it is the very network that the twin is given.
  const saved = await program.save();
  program.restore(saved);
  const found = await measureWith(program, measures);
  const { keys } = config.measures!;
  const options = { keys: keys.length > 0 ? keys : null, seed: config.seed };
  found.forEach((values, r) => {
    const weights = weightsOf(program.layout, saved.parameters, r);
    expectSame(measures, values, measureTables(plainSubject(config, weights, r), options));
  });
  expect(found).toHaveLength(config.replicas);
  program.dispose();
}

describe('the traced measures are those of their definitions', () => {
  const mlp = { kind: 'mlp', width: 20, hidden: 13 };
  const optimizer = { lr: 0.01, weightDecay: 1 };

  it('of random weights, two replicas', () =>
    compareRun({ seed: 3, replicas: 2, data: { modulus: 11 }, network: mlp }, 0));

  it('of a trained network, two replicas with splits of their own', () =>
    compareRun({ seed: 5, replicas: 2, data: { modulus: 11 }, network: mlp, optimizer }, 80));

  it('by pinned key frequencies', () =>
    compareRun(
      {
        seed: 1,
        data: { modulus: 11 },
        network: mlp,
        optimizer,
        measures: { keys: [2, 5], readout: true },
      },
      10,
    ));

  it('where p is no prime and half of a frequency is another', () =>
    compareRun({ seed: 1, data: { modulus: 9 }, network: mlp, optimizer }, 20));

  const attention = {
    kind: 'transformer',
    width: 16,
    heads: 2,
    hidden: 12,
    activation: 'tanh',
    equalsClass: true,
  };

  it('with attention and a class for "=", two replicas', () =>
    compareRun({ seed: 2, replicas: 2, data: { modulus: 7 }, network: attention, optimizer }, 40));
});
