/** What a target says of itself: its loss at w*, its gradient there, its exact answers. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { buildTarget } from '../../../src/lab/experiments/llc-target';
import { measurePoints } from '../../../src/slt/sampling/points';
import { setUpSampling } from '../../../src/slt/sampling/setup';
import type { Target } from '../../../src/slt/targets/types';
import { superpositionState } from '../../../src/slt/theory';
import { parseTarget, TARGETS } from './targets';

function build(target: object): Target {
  return buildTarget(parseTarget(target), {}).target;
}

async function measure(target: object) {
  const config = parseTarget(target);
  const built = build(target);
  const groups = [{ point: 0, lr: 1e-4, localization: 1, nbeta: 10 }];
  const setup = setUpSampling(built, { ...config.sampler, seed: 0, heads: null }, groups);
  return measurePoints(null, setup);
}

describe('the point w*', () => {
  it.each(Object.entries(TARGETS))(
    'of %s is a critical point whose loss is known',
    async (name, target) => {
      const built = build(target);
      const { baseline, gradientNorm } = await measure(target);
      built.points.forEach((point, k) => {
        if (point.baseline !== null) expect(baseline[k]).toBeCloseTo(point.baseline, 12);
        // w* is rounded to float32; "potential away from the origin" stands on x = 0, where K is 0.
        expect(gradientNorm[k], name).toBeLessThan(1e-6);
      });
    },
  );

  it.each([
    {
      kind: 'potential',
      terms: [
        { coefficient: 1, powers: [2, 2] },
        { coefficient: -0.5, powers: [0, 3] },
        { coefficient: 3, powers: [1, 0] },
      ],
      at: [
        [0.5, -1.25],
        [0, 0],
      ],
    },
    { kind: 'quadratic', eigenvalues: [1, 0, 2.5], gradientNoise: 1 },
  ])('has by formula what the graph has: $kind', async (target) => {
    const built = build(target);
    expect(built.derivatives).toBeDefined();
    const points = built.points.map((point) => ({ ...point, baseline: null }));
    const config = parseTarget(target);
    const groups = points.map((_, point) => ({ point, lr: 1e-4, localization: 1, nbeta: 10 }));
    const of = (one: Target) =>
      measurePoints(null, setUpSampling(one, { ...config.sampler, seed: 0, heads: null }, groups));
    const { derivatives: _, ...traced } = { ...built, points };
    const [formula, graph] = [await of({ ...built, points }), await of(traced)];
    formula.baseline.forEach((loss, k) => expect(loss).toBeCloseTo(graph.baseline[k], 12));
    formula.gradient.forEach((value, k) => expect(value).toBeCloseTo(graph.gradient[k], 6));
  });

  it('of a potential that is no critical point shows in its gradient', async () => {
    const terms = [{ coefficient: 1, powers: [2, 0] }];
    const { gradientNorm } = await measure({ kind: 'potential', terms, at: [0.5, 0] });
    expect(gradientNorm[0]).toBeCloseTo(1, 6);
  });
});

describe('the traced loss', () => {
  it.each(['6', '5+', '5', '4++', '4+', '4', '3'])(
    'of state %s is the closed form',
    async (state) => {
      const { W, b, loss } = superpositionState(6, state, 2, -0.05);
      const built = build({ kind: 'superposition', features: 6, state });
      expect([...built.points[0].values.W]).toEqual([...W].map(Math.fround));
      expect([...built.points[0].values.b]).toEqual([...b].map(Math.fround));
      // The point itself knows its loss: measured without it, the graph must find the same.
      const blind: Target = { ...built, points: [{ ...built.points[0], baseline: null }] };
      const groups = [{ point: 0, lr: 1e-4, localization: 1, nbeta: 10 }];
      const { sampler } = parseTarget({ kind: 'superposition' });
      const setup = setUpSampling(blind, { ...sampler, seed: 0, heads: null }, groups);
      const { baseline } = await measurePoints(null, setup);
      expect(Math.abs(baseline[0] / (loss || 1) - (loss ? 1 : 0))).toBeLessThan(1e-6);
    },
  );

  it('of a rescaled ReLU network is the same function', async () => {
    const target = { kind: 'relu', widths: [3, 5, 2], rescale: [1, 0.5, 8], samples: 9 };
    const config = parseTarget(target);
    const { target: built } = buildTarget(config, {});
    const groups = built.points.map((_, point) => ({ point, lr: 1e-4, localization: 1, nbeta: 1 }));
    const setup = setUpSampling(built, { ...config.sampler, seed: 0, heads: null }, groups);
    const { losses } = await measurePoints(null, setup);
    for (const loss of losses!) expect(loss).toBeLessThan(1e-10);
  });
});

describe('theory', () => {
  it.each([
    [{ kind: 'potential', terms: [{ coefficient: 1, powers: [2, 2] }] }, 0.5, 2],
    [{ kind: 'quadratic', eigenvalues: [1, 2, 0] }, 1, 1],
    [{ kind: 'linear-network', widths: [5, 5, 5], rank: 1 }, 10.5, 1],
    [{ kind: 'tanh', hidden: 3 }, 5 / 6, 1],
    [{ kind: 'superposition', features: 6, state: '5' }, 7, 1],
  ])('%j', (target, lambda, multiplicity) => {
    expect(build(target).theory(0)).toEqual({ lambda, multiplicity });
  });

  it('follows the rank along the training of a linear network, as the loss steps down', () => {
    const target = build({ kind: 'saddles' });
    const lambdas = target.points.map((_, point) => target.theory(point)!.lambda);
    const losses = target.points.map(({ trainingLoss }) => trainingLoss!);
    expect(lambdas[0]).toBe(13.5); // rank 0 of 6–6–6
    expect(lambdas.at(-1)).toBeGreaterThan(17);
    lambdas.slice(1).forEach((lambda, k) => expect(lambda).toBeGreaterThanOrEqual(lambdas[k]));
    losses.slice(1).forEach((loss, k) => expect(loss).toBeLessThanOrEqual(losses[k]));
  });
});

describe('targets that cannot be', () => {
  it.each([
    [{ kind: 'superposition', state: '2' }, /^target.state/],
    [{ kind: 'superposition', state: '7' }, /^target.state/],
    [{ kind: 'superposition', hidden: 3 }, /^target.hidden/],
    [{ kind: 'linear-network', widths: [3, 2, 3], rank: 3 }, /^target.rank/],
    [{ kind: 'linear-network', widths: [1024, 1024, 1024, 1024] }, /^target.widths/],
    [{ kind: 'potential', at: [1] }, /^target.at/],
    [
      {
        kind: 'potential',
        terms: [
          { coefficient: 1, powers: [2] },
          { coefficient: 1, powers: [2, 2] },
        ],
      },
      /^target.terms.1.powers/,
    ],
    [{ kind: 'saddles', spectrum: [1, 1, 1, 1, 1, 1, 1] }, /^target.spectrum/],
    [{ kind: 'saddles', rate: 1, spectrum: [100] }, /^target.rate/],
    [{ kind: 'run' }, /^target.path/],
  ])('%j', (target, message) => {
    expect(() => build(target)).toThrow(message);
    expect(() => build(target)).toThrow(BadConfig);
  });
});
