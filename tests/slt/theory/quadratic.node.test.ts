/** The discretised quadratic: its table, its limits, and a plain simulation of the chain it describes. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../../src/gpu/errors';
import {
  findInstability,
  quadraticCoefficient,
  quadraticStandardError,
  quadraticThermal,
  solveQuadratic,
  traceQuadratic,
  type QuadraticSettings,
} from '../../../src/slt/theory/quadratic';
import { normalDrawer } from './numeric';

const plain = (h: number, nbeta: number, localization: number, lr: number): QuadraticSettings => ({
  eigenvalues: [h],
  nbeta,
  localization,
  lr,
});

/** L(w_t) of `chains` chains of the update itself, [chains][steps + 1]. */
function simulate(settings: QuadraticSettings, chains: number, steps: number, start: number[]) {
  const { eigenvalues, nbeta, localization, lr, noiseLevel = 1 } = settings;
  const [noise, G] = [settings.gradientNoise ?? 0, settings.preconditioner ?? 1] as [
    number,
    number | number[],
  ];
  const normal = normalDrawer(7);
  return Array.from({ length: chains }, () => {
    const w = [...start];
    const losses: number[] = [];
    for (let t = 0; t <= steps; t++) {
      losses.push(eigenvalues.reduce((sum, h, j) => sum + 0.5 * h * w[j] ** 2, 0));
      eigenvalues.forEach((h, j) => {
        const g = typeof G === 'number' ? G : G[j];
        const drift = nbeta * (h * w[j] + noise * normal()) + localization * w[j];
        w[j] += (-lr / 2) * g * drift + Math.sqrt(lr * g) * noiseLevel * normal();
      });
    }
    return losses;
  });
}

describe('stationary state', () => {
  it.each([
    [1, 100, 0, 1e-4, 0.50125],
    [1, 100, 0, 1e-3, 0.51282],
    [1, 100, 0, 1e-2, 0.66667],
    [1, 100, 0, 2e-2, 1],
    [1, 100, 0, 3.9e-2, 20],
    [1, 100, 100, 1e-3, 0.26316],
    [1, 1000, 1, 1e-3, 0.66622],
    [1, 1000, 1, 3e-3, 2.00401],
  ])('h %d, nβ %d, γ %d, ε %d: λ̂ %d', (h, nbeta, localization, lr, llc) => {
    expect(solveQuadratic(plain(h, nbeta, localization, lr)).llc).toBeCloseTo(llc, 5);
  });

  it('λ counts the eigenvalues above 0', () => {
    expect(quadraticCoefficient([1, 0, 2, 1e-9])).toMatchObject({ lambda: 1.5, multiplicity: 1 });
    expect(quadraticCoefficient([0]).lambda).toBe(0);
  });

  it('adds coordinates and tends to the thermal value', () => {
    const settings = { eigenvalues: [1, 2, 0], nbeta: 100, localization: 3, lr: 1e-8 };
    const { llc, meanLoss, coordinates } = solveQuadratic(settings);
    expect(coordinates.map((one) => one.llc).reduce((a, b) => a + b)).toBe(llc);
    expect(meanLoss * 100).toBeCloseTo(llc, 12);
    expect(llc).toBeCloseTo(quadraticThermal([1, 2, 0], 100, 3), 6);
    expect(quadraticThermal([1, 2, 0], 100, 3)).toBeCloseTo(50 / 103 + 100 / 203, 14);
    expect(quadraticThermal([1, 0], 100, 0)).toBe(0.5);
  });

  it('a preconditioner scales the step, noise at level 0 leaves nothing', () => {
    const scaled = solveQuadratic({ ...plain(1, 100, 2, 1e-3), preconditioner: 5 });
    expect(scaled.llc).toBeCloseTo(solveQuadratic(plain(1, 100, 2, 5e-3)).llc, 14);
    expect(solveQuadratic({ ...plain(1, 100, 2, 1e-3), noiseLevel: 0 }).llc).toBe(0);
  });

  it('gradient noise heats by 1 + ε(nβ)²σ²/4', () => {
    const clean = solveQuadratic(plain(1, 100, 2, 1e-3)).llc;
    const noisy = solveQuadratic({ ...plain(1, 100, 2, 1e-3), gradientNoise: 0.3 }).llc;
    expect(noisy / clean).toBeCloseTo(1 + (1e-3 * 100 ** 2 * 0.09) / 4, 12);
  });
});

describe('trace', () => {
  it('starts at the start and reaches the stationary state', () => {
    const settings = plain(2, 100, 1, 1e-3);
    const { mean, variance } = traceQuadratic(settings, 400, [3]);
    expect([mean[0], variance[0], mean.length]).toEqual([9, 0, 401]);
    const { meanLoss, lossVariance } = solveQuadratic(settings);
    expect(mean[400]).toBeCloseTo(meanLoss, 12);
    expect(variance[400]).toBeCloseTo(lossVariance, 12);
    const fromMinimum = traceQuadratic(settings, 3).mean;
    const rho = 1 - (1e-3 * 201) / 2;
    expect(fromMinimum[0]).toBe(0);
    expect(fromMinimum[3]).toBeCloseTo(meanLoss * (1 - rho ** 6), 14);
  });

  it('is what chains do, within 4 standard errors at every step', () => {
    const settings = {
      eigenvalues: [1, 2.5],
      nbeta: 50,
      localization: 4,
      lr: 4e-3,
      gradientNoise: 0.5,
      noiseLevel: 1.2,
      preconditioner: [2, 0.5],
    };
    const [chains, steps, start] = [4000, 30, [0.3, -0.2]];
    const losses = simulate(settings, chains, steps, start);
    const { mean, variance } = traceQuadratic(settings, steps, start);
    for (let t = 1; t <= steps; t++) {
      const found = losses.reduce((sum, chain) => sum + chain[t], 0) / chains;
      const error = Math.sqrt(variance[t] / chains);
      expect(Math.abs(found - mean[t]) / error, `step ${t}`).toBeLessThan(4);
    }
    const spreadAtEnd =
      losses.reduce((sum, chain) => sum + (chain[steps] - mean[steps]) ** 2, 0) / chains;
    expect(spreadAtEnd / variance[steps]).toBeCloseTo(1, 0);
  });

  it('the standard error is the spread of chain means', () => {
    const settings = plain(1, 100, 0, 4e-3);
    const [chains, draws] = [300, 1000];
    const oracle = solveQuadratic(settings);
    const means = simulate(settings, chains, draws + 50, [0]).map(
      (losses) => (100 * losses.slice(51).reduce((a, b) => a + b)) / draws,
    );
    const centre = means.reduce((a, b) => a + b) / chains;
    const spread = Math.sqrt(
      means.reduce((sum, one) => sum + (one - centre) ** 2, 0) / (chains - 1),
    );
    expect(spread / quadraticStandardError(oracle, 1, draws)).toBeGreaterThan(0.85);
    expect(spread / quadraticStandardError(oracle, 1, draws)).toBeLessThan(1.15);
    const error = quadraticStandardError(oracle, chains, draws);
    expect(Math.abs(centre - oracle.llc) / error).toBeLessThan(4);
  });
});

describe('limits', () => {
  const refusal = (settings: Partial<QuadraticSettings>): BadConfig => {
    try {
      solveQuadratic({ ...plain(1, 100, 0, 1e-3), ...settings });
    } catch (error) {
      expect(error).toBeInstanceOf(BadConfig);
      expect((error as Error).message).not.toMatch(/\n/);
      return error as BadConfig;
    }
    throw new Error('not refused');
  };

  it('ε·a of 4 and beyond names lr, the limit and the remedy', () => {
    expect(findInstability(plain(1, 100, 0, 0.0399))).toBeNull();
    for (const lr of [0.04, 0.05, 1]) {
      const { path, message } = refusal({ lr });
      expect(path).toBe('lr');
      expect(message).toMatch(/must be below 4, or the chain runs away\. Choose lr below 0\.04\.$/);
    }
    // The stiffest coordinate sets the limit, and its preconditioner counts.
    const { message } = refusal({ eigenvalues: [1, 5, 2], lr: 1 });
    expect(message).toMatch(/ 500 on eigenvalue 5: .*Choose lr below 0\.008\.$/);
    expect(solveQuadratic(plain(5, 100, 0, 0.00799)).llc).toBeGreaterThan(0);
    expect(refusal({ preconditioner: 100 }).message).toMatch(/Choose lr below 0\.0004\./);
  });

  it('a flat direction without localisation', () => {
    expect(refusal({ eigenvalues: [1, 0] }).message).toMatch(/Choose localization above 0\.$/);
    expect(solveQuadratic({ ...plain(0, 100, 1, 1e-3) }).llc).toBe(0);
  });

  it.each<[string, Partial<QuadraticSettings>]>([
    ['eigenvalues', { eigenvalues: [] }],
    ['eigenvalues', { eigenvalues: [1, -1] }],
    ['eigenvalues', { eigenvalues: [NaN] }],
    ['nbeta', { nbeta: 0 }],
    ['nbeta', { nbeta: Infinity }],
    ['lr', { lr: 0 }],
    ['lr', { lr: -1 }],
    ['lr', { lr: NaN }],
    ['localization', { localization: -1 }],
    ['noiseLevel', { noiseLevel: -1 }],
    ['gradientNoise', { gradientNoise: [1, 2] }],
    ['gradientNoise', { gradientNoise: -1 }],
    ['preconditioner', { preconditioner: NaN }],
  ])('%s: %j', (path, settings) => {
    expect(refusal(settings).path).toBe(path);
  });
});
