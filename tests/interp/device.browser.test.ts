/** Measures on the device against the twin in float64: of the analytic network, and of networks trained there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { createGraph } from '../../src/graph/node';
import { train } from '../../src/graph/train';
import { analyticTables, traceAnalytic } from '../../src/interp/analytic';
import { measureTables } from '../../src/interp/reference';
import { traceMeasures } from '../../src/interp/trace';
import { trainingSpec } from '../../src/lab/drivers/training';
import { expectSame, measureWith, type Bound } from './compare';
import { buildRun, plainSubject, weightsOf } from './plain';
import { declareSets, splitPairs } from './tables';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu?.close());

const UNIT = 2 ** -24;
/**
 * DESIGN §8: losses 1e-5 relative, small ones too; sums a few roundings of the largest terms, 1 for shares and cosines. An entropy of K
 * shares, all but one of them roundings q, is off by K·q·ln(1/q).
 */
const bound: Bound = (name, expected, largest) => {
  if (/loss|excluded|ablation/.test(name)) return 1e-5 * expected;
  if (name.startsWith('entropy')) return 12 * 4 * UNIT * Math.log(1 / UNIT);
  return 1e-5 * Math.abs(expected) + 32 * UNIT * Math.max(1, largest);
};

it.each([
  [1e-4, [9, 4, 6]],
  [1e-8, [18, 8, 12]],
])('measures the analytic network, of a loss below %f', async (loss, heights) => {
  const design = { p: 13, frequencies: [2, 3, 5], hidden: 48, heights };
  const options = { keys: null, seed: 7 };
  const graph = createGraph();
  const sets = declareSets(graph, design.p, splitPairs(design.p));
  const measures = traceMeasures(graph, traceAnalytic(graph, design, sets.nodes), options);
  const program = await compile(gpu, {
    keys: [[0, 0]],
    data: sets.data,
    evaluations: { measures: measures.nodes },
  });
  const [found] = await measureWith(program, measures);
  program.dispose();
  const expected = measureTables(analyticTables(design, splitPairs(design.p)), options);
  expect(expected.scalars['restricted_loss']).toBeLessThan(loss);
  // Ratios of rounding errors, as in float64.
  expectSame(measures, found, expected, { bound, skip: ['distance_irrelevance', 'readout_fve'] });
});

describe('a trained network', () => {
  it.each([
    ['mlp', { data: { modulus: 23, fraction: 0.6 }, network: { width: 32, hidden: 24 } }, 400],
    [
      'transformer',
      {
        data: { modulus: 11 },
        network: { kind: 'transformer', width: 16, heads: 2, hidden: 16, activation: 'tanh' },
      },
      150,
    ],
  ] as const)('%s', async (_, given, steps) => {
    const { config, model, measures } = buildRun({ seed: 1, replicas: 2, ...given });
    const program = await compile(gpu, trainingSpec(model));
    await train(program, steps);
    const found = await measureWith(program, measures);
    const { parameters } = await program.save();
    found.forEach((values, r) => {
      const weights = weightsOf(program.layout, parameters, r);
      const options = { keys: null, seed: config.seed };
      const expected = measureTables(plainSubject(config, weights, r), options);
      expectSame(measures, values, expected, { bound });
    });
    program.dispose();
  });
});
