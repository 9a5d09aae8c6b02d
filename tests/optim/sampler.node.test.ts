/** What the samplers promise exactly: equalities between them, masks, boxes, chains that are lost, and options they refuse. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import { createGraph } from '../../src/graph/node';
import type { ProgramSpec } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { multiply } from '../../src/ops/elementwise';
import { sum } from '../../src/ops/reduce';
import { parameter } from '../../src/ops/source';
import { sampler } from '../../src/optim/sampler';
import { METHODS, SAMPLER_METRICS } from '../../src/optim/sampler/options';
import { sgd } from '../../src/optim/sgd';
import { average, quadratic, separable, startChain, type Options } from './sampling';

const base = { lr: 0.01, nbeta: 10, localization: 1 };
const steps = 40;

function trajectory(size: number, options: Options, w: readonly number[] = []): number[][] {
  const start = Array.from({ length: size }, (_, i) => w[i] ?? 0);
  const chain = startChain(quadratic(size, 1.5), options, { w: start });
  return Array.from({ length: steps }, () => {
    chain.step();
    return [...chain.w];
  });
}

const START = [0.3, -0.2, 0.5, 0.1, 0.7, -0.6, 0.2, 0.9];

describe('samplers', () => {
  it('without noise are gradient descent: sgld of 2ε is sgd of ε, exactly', () => {
    const options: Options = { method: 'sgld', lr: 0.02, nbeta: 1, localization: 0, noiseLevel: 0 };
    const found = trajectory(4, options, START);
    const parameters = Float64Array.from(START.slice(0, 4));
    const update = sgd({ lr: 0.01 });
    for (let step = 0; step < steps; step++) {
      const gradients = parameters.map((x) => 1.5 * x);
      const none = { mask: null, state: {}, scalars: {}, metrics: new Float64Array(0), loss: NaN };
      const hyper = { lr: 0.01, momentum: 0, weightDecay: 0, clip: 0 };
      update.reference({
        step,
        seed: 0,
        replica: 0,
        index: 0,
        parameters,
        gradients,
        hyper,
        ...none,
      });
      expect(found[step]).toEqual([...parameters]);
    }
  });

  it('rmsprop-sgld with α = 1 and δ = 1 is sgld, exactly', () => {
    const plain = trajectory(8, { ...base, method: 'sgld', weightDecay: 0.5 }, START);
    const frozen = { decay: 1, stability: 1, weightDecay: 0.5 };
    expect(trajectory(8, { ...base, method: 'rmsprop-sgld', ...frozen }, START)).toEqual(plain);
  });

  it('hmc with one leapfrog step is mala, exactly', () => {
    const mala = trajectory(8, { ...base, method: 'mala' }, START);
    expect(trajectory(8, { ...base, method: 'hmc', leapfrog: 1 }, START)).toEqual(mala);
  });

  it.each(METHODS)('%s under a mask is the smaller model, and what is frozen stays', (method) => {
    const options: Options = { ...base, method, leapfrog: 3 };
    const small = trajectory(4, options, START);
    const mask = Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0);
    // Frozen elements must not count: the loss of the large one is that of the small one plus a constant.
    const large = trajectory(8, { ...options, mask }, START);
    large.forEach((w, step) => {
      expect(w.slice(4)).toEqual(START.slice(4));
      w.slice(0, 4).forEach((value, i) => expect(value).toBeCloseTo(small[step]![i]!, 12));
    });
  });

  it.each(METHODS)('%s stays in its box', (method) => {
    const box = 0.25;
    const anchor = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    const common = { lr: 0.01, nbeta: 1, localization: 0.1, leapfrog: 2 };
    const options: Options = { ...common, method, box, anchor };
    const chain = startChain(quadratic(4), options, { w: anchor });
    let [least, most] = [Infinity, -Infinity];
    for (let step = 0; step < 2000; step++) {
      chain.step();
      // Within a trajectory a proposal may be outside: what counts is the state accepted last.
      const state = method === 'mala' || method === 'hmc' ? chain.state['start']! : chain.w;
      state.forEach((value, i) => {
        least = Math.min(least, value - anchor[i]!);
        most = Math.max(most, value - anchor[i]!);
      });
    }
    expect(most).toBeLessThanOrEqual(box + 1e-15);
    expect(least).toBeGreaterThanOrEqual(-box - 1e-15);
    expect(most - least).toBeGreaterThan(1.8 * box);
  });

  it.each(['mala', 'hmc', 'sghmc'] as const)('%s is uniform in a box without a loss', (method) => {
    const flat = separable(
      4,
      () => 0,
      () => 0,
    );
    const options: Options = { method, lr: 0.01, nbeta: 1, localization: 0, box: 0.5, leapfrog: 3 };
    const chain = startChain(flat, options);
    const mean = average(chain, { burnin: 200, steps: 20_000 }, 'distance2') / 4;
    expect(Math.abs(mean / (0.5 ** 2 / 3) - 1)).toBeLessThan(0.05);
  });

  it.each(METHODS)('%s leaves a chain that is lost as it is', (method) => {
    const options: Options = { ...base, method, box: 1, leapfrog: 2 };
    const chain = startChain(quadratic(4), options, { w: [NaN, 0, 0, 0] });
    for (let step = 0; step < 10; step++) {
      expect(chain.step()('loss')).toBeNaN();
      expect(chain.w[0]).toBeNaN();
    }
  });

  it.each(['mala', 'hmc'] as const)('%s rejects a state that is not finite', (method) => {
    const cliff = separable(
      4,
      (x) => (Math.abs(x) > 0.5 ? Infinity : 0),
      () => 0,
    );
    const options: Options = { method, lr: 0.3, nbeta: 1, localization: 0, leapfrog: 2 };
    const chain = startChain(cliff, options);
    const losses = Array.from({ length: 400 }, () => chain.step()('loss'));
    expect(new Set(losses)).toEqual(new Set([0]));
    expect(Math.max(...chain.state['start']!.map(Math.abs))).toBeGreaterThan(0);
  });

  it('records where it is, and the parts of the step', () => {
    const anchor = Float32Array.of(1, 0, 0, 0);
    const mask = Float32Array.of(1, 1, 1, 0);
    const directions = Float32Array.of(1, 0, 0, 9, 0, 0, 2, 9);
    const options: Options = { ...base, method: 'sgld', weightDecay: 2, anchor, mask, directions };
    const chain = startChain(quadratic(4), options, { w: [2, 0.5, -1, 7] });
    const before = [...chain.w];
    const metric = chain.step();
    expect(metric('loss')).toBe(0.5 * (4 + 0.25 + 1 + 49));
    expect(metric('distance2')).toBe(1 + 0.25 + 1);
    expect([metric('x'), metric('y')]).toEqual([1, -2]);
    expect([metric('acceptance'), metric('kinetic')]).toEqual([-1, 0]);
    const lr = Math.fround(0.01);
    const gradient = [2, 0.5, -1].map((g) => -0.5 * lr * 10 * g);
    const prior = [1 + 4, 0.5 + 1, -1 - 2].map((g) => -0.5 * lr * g);
    const noise = [0, 1, 2].map((i) => chain.w[i]! - before[i]! - gradient[i]! - prior[i]!);
    const product = (a: number[], b: number[]) => a.reduce((total, x, i) => total + x * b[i]!, 0);
    expect(metric('gradient2')).toBeCloseTo(product(gradient, gradient), 12);
    expect(metric('prior2')).toBeCloseTo(product(prior, prior), 12);
    expect(metric('noise2')).toBeCloseTo(product(noise, noise), 12);
    expect(metric('gradient_prior')).toBeCloseTo(product(gradient, prior), 12);
    expect(metric('gradient_noise')).toBeCloseTo(product(gradient, noise), 12);
    expect(metric('prior_noise')).toBeCloseTo(product(prior, noise), 12);
  });

  it('read their own row of options, anchors and masks', () => {
    const own: Options = {
      method: 'sgld',
      lr: [0.01, 0.02],
      nbeta: [10, 20],
      localization: [1, 0],
      anchor: Float32Array.of(0, 0, 0, 0, 1, 2, 3, 4),
      mask: Float32Array.of(1, 1, 1, 1, 1, 0, 1, 1),
    };
    const one: Options = {
      method: 'sgld',
      lr: 0.02,
      nbeta: 20,
      localization: 0,
      anchor: Float32Array.of(1, 2, 3, 4),
      mask: Float32Array.of(1, 0, 1, 1),
    };
    const second = startChain(quadratic(4), own, { index: 1 });
    const alone = startChain(quadratic(4), one);
    for (let step = 0; step < 5; step++) {
      expect(second.step()('distance2')).toBe(alone.step()('distance2'));
      expect([...second.w]).toEqual([...alone.w]);
    }
  });
});

describe('in a program', () => {
  const spec = (options: Options, replicas = 2): ProgramSpec => {
    const graph = createGraph();
    const w = parameter(graph, 'w', [3], { kind: 'normal', std: 0.1 });
    const loss = sum(multiply(w, w));
    const anchor = new Float32Array(4);
    const update = sampler({ anchor, mask: Float32Array.of(1, 1, 1, 0), ...options });
    const keys = Array.from({ length: replicas }, (_, lane) => [1, lane] as const);
    return { keys, data: {}, training: { loss, metrics: {}, update } };
  };

  it.each(METHODS)('%s resumes as if nothing had happened', async (method) => {
    const make = () => interpret(spec({ ...base, method, leapfrog: 3, acceptanceEvery: 4 }));
    const whole = make();
    expect(whole.metrics).toEqual([...SAMPLER_METRICS]);
    await whole.advance(7);
    const snapshot = await whole.save();
    const rest = make();
    rest.restore(snapshot);
    const twin = make();
    // A snapshot holds float32, so both go on from it.
    twin.restore(await rest.save());
    expect((await rest.advance(9)).rows).toEqual((await twin.advance(9)).rows);
  });

  const refused: readonly (readonly [Options, string])[] = [
    [{ ...base, method: 'sgld', lr: 0 }, 'lr: got 0'],
    [{ ...base, method: 'sgld', lr: -1 }, 'lr: got -1'],
    [{ ...base, method: 'sgld', lr: NaN }, 'lr: got NaN'],
    [{ ...base, method: 'sgld', lr: [0.1, 0.2, 0.3] }, 'lr: 3 values for 2 replicas'],
    [
      { ...base, method: 'sgld', lr: [1, 2], nbeta: [1, 2, 3] },
      'nbeta: got 3 values while lr has 2',
    ],
    [{ ...base, method: 'sgld', nbeta: 0 }, 'nbeta: got 0'],
    [{ ...base, method: 'sgld', localization: -1 }, 'localization: got -1'],
    [{ ...base, method: 'sgld', box: -1 }, 'box: got -1'],
    [{ ...base, method: 'sgld', acceptanceEvery: 1.5 }, 'acceptanceEvery: got 1.5'],
    [
      { ...base, method: 'hmc', leapfrog: 0 },
      'leapfrog: got 0: must be a whole number from 1 to 1000',
    ],
    [{ ...base, method: 'hmc', leapfrog: 1001 }, 'leapfrog: got 1001'],
    [{ ...base, method: 'mala', noiseLevel: 0.5 }, 'noiseLevel: got 0.5 with mala'],
    [{ ...base, method: 'rmsprop-sgld', decay: 1.1 }, 'decay: got 1.1'],
    [{ ...base, method: 'rmsprop-sgld', stability: 0 }, 'stability: got 0'],
    [{ ...base, method: 'sgnht', friction: -0.1 }, 'friction: got -0.1'],
    [
      { ...base, method: 'sghmc', friction: 0.1, noiseEstimate: 0.2 },
      'noiseEstimate: got 0.2 with',
    ],
    [{ ...base, method: 'langevin' as 'sgld' }, 'method: got langevin'],
    [{ ...base, method: 'sgld', anchor: new Float32Array(3) }, 'anchor: got 3 values'],
    [
      { ...base, method: 'sgld', anchor: Float32Array.of(0, NaN, 0, 0) },
      'anchor: element 1 is NaN',
    ],
    [{ ...base, method: 'sgld', mask: new Float32Array(12) }, 'mask: got 12 values'],
    [{ ...base, method: 'sgld', mask: Float32Array.of(1, 2, 0, 0) }, 'mask: element 1 is 2'],
    [{ ...base, method: 'sgld', directions: new Float32Array(6) }, 'directions: got 6 values'],
  ];
  it.each(refused)('%o is refused', (options, message) => {
    expect(() => interpret(spec(options))).toThrow(BadConfig);
    expect(() => interpret(spec(options))).toThrow(message);
  });

  it('pruning is refused', () => {
    const { training, ...rest } = spec({ ...base, method: 'sgld' });
    const pruned = { ...rest, training: { ...training!, mask: new Float32Array(4) } };
    expect(() => interpret(pruned)).toThrow('training.mask: a mask of pruned parameters');
  });
});
