/** The toy model of superposition against integration, differences, the published levels and its own Hessian. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import { optimalPolygon } from '../../../src/slt/theory/polygon';
import { format } from '../../../src/slt/theory/rational';
import {
  DEAD_BIAS,
  superpositionGradient,
  superpositionLoss,
  superpositionState,
} from '../../../src/slt/theory/superposition';
import { drawer, eigenvalues, midpoint } from './numeric';

/** L by integrating ‖x − f(x)‖² over μ, with nothing known about pieces. */
function integrate(features: number, hidden: number, W: Float64Array, b: Float64Array): number {
  const columns = Array.from({ length: features }, (_, i) => i);
  const entry = (i: number, j: number) => {
    let g = 0;
    for (let h = 0; h < hidden; h++) g += W[h * features + i] * W[h * features + j];
    return g;
  };
  const losses = columns.map((i) =>
    columns
      .map((j) =>
        midpoint((mu) => ((i === j ? mu : 0) - Math.max(0, entry(i, j) * mu + b[j])) ** 2, 0, 1),
      )
      .reduce((x, y) => x + y),
  );
  return losses.reduce((x, y) => x + y) / features;
}

function drawModel(seed: number, features: number, hidden: number) {
  const draw = drawer(seed);
  return {
    W: Float64Array.from({ length: hidden * features }, () => 1.5 * draw()),
    b: Float64Array.from({ length: features }, draw),
  };
}

/** Gradient over the flat layout W, b. */
function flatGradient(features: number, point: Float64Array): number[] {
  const W = point.subarray(0, 2 * features);
  const gradient = superpositionGradient(features, 2, W, point.subarray(2 * features));
  return [...gradient.W, ...gradient.b];
}

function hessian(features: number, point: Float64Array): number[][] {
  const h = 1e-5;
  const rows = Array.from(point, (_, i) => {
    const [up, down] = [point.slice(), point.slice()];
    up[i] += h;
    down[i] -= h;
    const [above, below] = [flatGradient(features, up), flatGradient(features, down)];
    return above.map((value, j) => (value - below[j]) / (2 * h));
  });
  return rows.map((row, i) => row.map((value, j) => (value + rows[j][i]) / 2));
}

describe('loss', () => {
  it.each([1, 2, 3, 4, 5])('equals numerical integration, model %i', (seed) => {
    const [features, hidden] = [2 + seed, 1 + (seed % 3)];
    const { W, b } = drawModel(seed, features, hidden);
    const exact = superpositionLoss(features, hidden, W, b);
    expect(exact / integrate(features, hidden, W, b)).toBeCloseTo(1, 6);
  });

  it('of nothing is 1/3, of positive bias alone 1/3 − b + c·b²', () => {
    expect(superpositionLoss(4, 2, new Float64Array(8), new Float64Array(4))).toBeCloseTo(
      1 / 3,
      15,
    );
    const b = new Float64Array(4).fill(0.1);
    expect(superpositionLoss(4, 2, new Float64Array(8), b)).toBeCloseTo(1 / 3 - 0.1 + 0.04, 15);
  });

  it('keeps its digits where g, g − 1 and b nearly vanish', () => {
    // g = 1 + 2e-9: the error is (g − 1)μ, its integral (g − 1)²/3.
    const g = (1 + 1e-9) ** 2;
    const loss = superpositionLoss(1, 1, [1 + 1e-9], [0]);
    expect(loss / ((g - 1) ** 2 / 3)).toBeCloseTo(1, 12);
    expect(superpositionLoss(2, 1, [1e-200, 1], [0, 0])).toBeCloseTo(1 / 6, 15);
    expect(superpositionLoss(1, 1, [1], [1e-12]) / 1e-24).toBeCloseTo(1, 3);
  });

  it.each([1, 2, 3, 4])('has the gradient of central differences, model %i', (seed) => {
    const features = 3 + seed;
    const { W, b } = drawModel(10 + seed, features, 2);
    const point = Float64Array.from([...W, ...b]);
    const gradient = flatGradient(features, point);
    const h = 1e-6;
    point.forEach((_, i) => {
      const [up, down] = [point.slice(), point.slice()];
      up[i] += h;
      down[i] -= h;
      const at = (p: Float64Array) =>
        superpositionLoss(features, 2, p.subarray(0, 2 * features), p.subarray(2 * features));
      expect(gradient[i]).toBeCloseTo((at(up) - at(down)) / (2 * h), 8);
    });
  });

  it('refuses a W of another size', () => {
    expect(() => superpositionLoss(3, 2, [1], [0, 0, 0])).toThrow(/must be 2 × 3 and 3/);
  });
});

describe('polygon', () => {
  it.each([
    [3, 1, 0, 0],
    [4, 1, 0, 0],
    [5, 1.17046, -0.2823, 0.0158256],
    [6, 1.32053, -0.61814, 0.0481924],
  ])('%i vertices', (k, length, bias, loss) => {
    const polygon = optimalPolygon(k);
    expect(polygon.length).toBeCloseTo(length, 5);
    expect(polygon.bias).toBeCloseTo(bias, 5);
    expect(polygon.loss).toBeCloseTo(loss, 7);
  });

  it('is stationary for any number of vertices', () => {
    for (const k of [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 17, 32, 64]) {
      const { W, b } = superpositionState(k, `${k}`);
      const norm = Math.hypot(...flatGradient(k, Float64Array.from([...W, ...b])));
      expect(norm, `${k}`).toBeLessThan(1e-13);
    }
  });
});

describe('states', () => {
  const rows: [number, string, number, string][] = [
    [6, '6', 0.04819, '17/2'],
    [6, '5+', 0.0618, '17/2'],
    [6, '5', 0.06874, '7'],
    [6, '4++', 0.09722, '17/2'],
    [6, '4+', 0.10417, '8'],
    [6, '4', 0.11111, '15/2'],
    [5, '5', 0.01583, '7'],
    [5, '4+', 0.05667, '7'],
    [5, '4', 0.06667, '13/2'],
    [4, '4', 0, '11/2'],
    [3, '3', 0, '3'],
  ];
  it.each(rows)('%i features, %s: level %d, λ %s', (features, state, level, lambda) => {
    const found = superpositionState(features, state);
    expect(found.loss).toBeCloseTo(level, 5);
    expect(found.exact && format(found.exact)).toBe(lambda);
    expect(found.multiplicity).toBe(1);
    expect(found.lambda).toBe((3 * features - found.flat) / 2);
  });

  it('lays out vertices, pluses and dead columns in this order', () => {
    const { W, b, deadBiases, description } = superpositionState(6, '4+');
    expect([...W]).toEqual([1, 0, -1, 0, 0, 0, 0, 1, 0, -1, 0, 0]);
    expect([...b]).toEqual([0, 0, 0, 0, 1 / 12, DEAD_BIAS]);
    expect(deadBiases).toEqual([5]);
    expect(description).toBe('4-gon, 1 left-out with positive bias, 1 dead');
  });

  it.each([
    [5, '5'],
    [6, '5+'],
    [6, '6'],
    [9, '6+++'],
    [8, '7'],
    [9, '9'],
    [10, '7'],
  ])('%i features, %s: the Hessian has no negative and exactly the counted zeros', (c, state) => {
    const { W, b, flat } = superpositionState(c, state);
    const spectrum = eigenvalues(hessian(c, Float64Array.from([...W, ...b])));
    expect(spectrum.filter((x) => x < -1e-7)).toEqual([]);
    expect(spectrum.filter((x) => Math.abs(x) < 1e-7)).toHaveLength(flat);
  });

  it.each([
    [10, '10'],
    [12, '12'],
    [7, '5+'],
    [4, '3+'],
  ])('%i features, %s: the Hessian has a negative eigenvalue, and λ is not given', (c, state) => {
    const found = superpositionState(c, state);
    const spectrum = eigenvalues(hessian(c, Float64Array.from([...found.W, ...found.b])));
    expect(spectrum[0]).toBeLessThan(-1e-5);
    expect(found.lambda).toBeNull();
    expect(found.lambda === null && found.reason).toMatch(/saddle/);
  });

  it('a square with both kinds beside it has λ up to 8 features', () => {
    expect(superpositionState(8, '4+').lambda).not.toBeNull();
    expect(superpositionState(9, '4++').lambda).toBeNull();
    expect(superpositionState(12, '4++++++++').lambda).not.toBeNull();
  });
});

describe('states that do not exist', () => {
  const refusal = (act: () => unknown): BadConfig => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(BadConfig);
      expect((error as Error).message).not.toMatch(/\n/);
      return error as BadConfig;
    }
    throw new Error('not refused');
  };

  it.each([
    '2',
    '1++',
    '7',
    '5++',
    '6+',
    '',
    '+',
    '5-',
    'five',
    '5 +',
    '05',
    '4+5',
    'x'.repeat(999),
    '99999',
  ])('state %j', (state) => {
    const { path, message } = refusal(() => superpositionState(6, state));
    expect(path).toBe('state');
    expect(message).toMatch(/^state: .+: .+\. Name a state such as "5" or "4\+"\.$/);
    expect(message.length).toBeLessThan(200);
  });

  it('features and hidden', () => {
    for (const features of [2, 0, -1, 4.5, NaN, 1e9]) {
      expect(refusal(() => superpositionState(features, '3')).path).toBe('features');
    }
    for (const hidden of [1, 3, NaN]) {
      expect(refusal(() => superpositionState(6, '5', hidden)).path).toBe('hidden');
    }
  });
});
