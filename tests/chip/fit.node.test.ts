/** Which trainings the chip can have, and what is said of the others. */
import { describe, expect, it } from 'vitest';
import { fitTraining } from '../../src/chip/training/fit';
import { lowerTraining } from '../../src/chip/training/lower';
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec } from '../../src/graph/program';
import { trainingCases } from '../../src/lab/check/training-cases';
import { drawFeatures, reconstructionLoss, toyModel } from '../../src/nn/toy-model';
import { scale } from '../../src/ops/elementwise';
import { data } from '../../src/ops/source';
import { adamw } from '../../src/optim/adamw';
import type { Traits } from '../../src/plan/types';

function traits(barriers: boolean): Traits {
  return {
    barriers,
    maxWorkgroupsPerDimension: 65_535,
    maxInvocations: 256,
    maxWorkgroupBytes: 16_384,
    maxStorageBuffers: 8,
    maxBufferBytes: 2 ** 30,
  };
}

function superposition(features: number, hidden: number, replicas: number) {
  const graph = createGraph();
  const x = drawFeatures(graph, 64, features, data(graph, 'density', []));
  const importance = new Float32Array(features).fill(1);
  const weights = data(graph, 'importance', [features]);
  const loss = reconstructionLoss(toyModel(graph, features, hidden), x, weights);
  const spec: ProgramSpec = {
    keys: Array.from({ length: replicas }, (_, r) => [r, 0] as const),
    data: { density: Float32Array.of(0.1), importance },
    training: { loss, metrics: { loss }, update: adamw({ lr: 1e-3 }) },
  };
  const shape = { features, hidden, samples: 64, density: 0.1, importance: [...importance] };
  return { spec, onChip: { target: { kind: 'features', ...shape } as const } };
}

describe('the variant', () => {
  it('is a lane on software adapters and where networks are many, a team elsewhere', () => {
    const variantOf = (barriers: boolean, replicas: number): string | null | undefined => {
      const { spec, onChip } = superposition(5, 2, replicas);
      const fitted = fitTraining(traits(barriers), spec, onChip);
      return 'chosen' in fitted ? fitted.chosen.variant : null;
    };
    expect(variantOf(false, 256)).toBe('lane');
    expect(variantOf(true, 256)).toBe('team');
    expect(variantOf(true, 10_000)).toBe('lane');
  });

  it('stays within the limits for every size, or says why it is none', () => {
    for (const barriers of [false, true]) {
      for (let features = 2; features <= 80; features += 3) {
        const { spec, onChip } = superposition(features, Math.ceil(features / 4), 64);
        const fitted = fitTraining(traits(barriers), spec, onChip);
        if ('reason' in fitted) {
          expect(features).toBeGreaterThan(45);
          expect(fitted.reason).toMatch(/network of \d+ parameters keeps .* adamw.*general path/);
          continue;
        }
        expect(fitted.chosen.bytes).toBeLessThanOrEqual(16_384);
        const { phases } = lowerTraining(traits(barriers), spec, onChip, fitted, 1);
        expect(phases.map(({ dispatches }) => dispatches.length)).toEqual([2]);
      }
    }
  });
});

describe('what the kernels do not know takes the general path', () => {
  const [{ spec, onChip }] = trainingCases(2);
  const training = spec.training!;
  const given: [string, ProgramSpec, RegExp][] = [
    [
      'a metric beside loss and accuracy',
      { ...spec, training: { ...training, metrics: { half: scale(training.loss, 0.5) } } },
      /'half' is recorded at every step/,
    ],
    [
      'an update of another kind',
      { ...spec, training: { ...training, update: { ...training.update, chip: undefined } } },
      /adamw has no form on the chip/,
    ],
    ['no training', { ...spec, training: undefined }, /nothing is trained/],
  ];
  it.each(given)('%s', (_, asked, reason) => {
    const fitted = fitTraining(traits(true), asked, onChip);
    expect('reason' in fitted && fitted.reason).toMatch(reason);
  });
});
