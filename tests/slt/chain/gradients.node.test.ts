/** Losses of targets and their gradients in float64, against central differences and against formulas written apart. */
import { describe, expect, it } from 'vitest';
import { chainCases } from '../../../src/lab/check/chain-cases';
import { visitor } from '../../../src/chip/targets';
import type { ChipTarget } from '../../../src/chip/types';
import { superpositionLoss } from '../../../src/slt/theory/superposition-loss';
import { createRandom } from '../../../src/random/random';

const EPSILON = 1e-6;
const moment = { step: 0, key: [0, 0] } as const;

/** Every target of the cases once. */
const subjects = chainCases(1).filter(({ spec }) => spec.sampler.method === 'sgld');

describe('gradients by central differences', () => {
  it.each(subjects.map((subject) => [subject.name, subject] as const))('%s', (_, { spec }) => {
    const { layout } = spec;
    const target: ChipTarget =
      spec.target.kind === 'quadratic' ? { ...spec.target, gradientNoise: 0 } : spec.target;
    const visit = visitor(target);
    const w = Float64Array.from(spec.start);
    const gradient = new Float64Array(layout.stride);
    const spare = new Float64Array(layout.stride);
    visit(w, gradient, moment);
    for (const { offset, size } of layout.places) {
      for (let i = offset; i < offset + size; i++) {
        const [high, low] = [w.slice(), w.slice()];
        high[i] += EPSILON;
        low[i] -= EPSILON;
        const slope = (visit(high, spare, moment) - visit(low, spare, moment)) / (2 * EPSILON);
        expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
      }
    }
  });
});

it('the loss of superposition is that of the theory, for weights of all sizes', () => {
  const random = createRandom(5, 0, 7);
  for (let features = 1; features <= 9; features++) {
    const visit = visitor({ kind: 'superposition', features });
    const biases = Math.ceil((2 * features) / 4) * 4;
    const w = new Float64Array(biases + Math.ceil(features / 4) * 4);
    for (let k = 0; k < 20; k++) {
      for (let i = 0; i < 2 * features; i++) w[i] = (k / 8) * random.normal();
      for (let i = 0; i < features; i++) w[biases + i] = 0.5 * random.normal();
      const loss = visit(w, new Float64Array(w.length), moment);
      const [W, b] = [w.subarray(0, 2 * features), w.subarray(biases, biases + features)];
      expect(Math.abs(loss / superpositionLoss(features, 2, W, b) - 1)).toBeLessThan(1e-12);
    }
  }
});

it('a linear network is the product of its layers', () => {
  const truth = Float32Array.from([1, 0.5, -1, 2, 0, 0.25]);
  const visit = visitor({ kind: 'linear-network', widths: [2, 1, 3], truth });
  // W_1 [1, 2], W_2 [3, 1], each padded.
  const w = Float64Array.from([0.5, -1, 0, 0, 2, 1, -0.5, 0]);
  let loss = 0;
  for (let j = 0; j < 3; j++)
    for (let k = 0; k < 2; k++) loss += (w[4 + j] * w[k] - truth[2 * j + k]) ** 2;
  expect(visit(w, new Float64Array(8), moment)).toBeCloseTo(loss, 12);
});
