/** The float64 twins of the samplers against closed forms and quadrature: the step is right, and so is what it samples. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { average, crossings, quadratic, separable, startChain, type Options } from './sampling';

const SIZE = 64;

/** Variance of Langevin's recursion on ½hw²: [σ²ε + (ε·nβ/2)²σ_g²] / (1 − ρ²), ρ = 1 − ε(nβ·h + γ)/2. */
function discretised(s: Setting): { v: number; rho: number } {
  const { nbeta, localization, lr, sigma = 1, gradientNoise = 0, gain = 1 } = s;
  const eps = lr * gain;
  const rho = 1 - (eps * (nbeta + localization)) / 2;
  const v = (sigma ** 2 * eps + ((eps * nbeta) / 2) ** 2 * gradientNoise ** 2) / (1 - rho ** 2);
  return { v, rho };
}

interface Setting {
  readonly nbeta: number;
  readonly localization: number;
  readonly lr: number;
  readonly sigma?: number;
  readonly gradientNoise?: number;
  /** G of a frozen preconditioner: 1 / δ. */
  readonly gain?: number;
  readonly steps: number;
  /** λ̂ per element where facts give it. */
  readonly known?: number;
}

const settings: readonly Setting[] = [
  { nbeta: 100, localization: 0, lr: 1e-3, steps: 60_000, known: 0.51282 },
  { nbeta: 100, localization: 0, lr: 1e-2, steps: 8_000, known: 0.66667 },
  { nbeta: 100, localization: 0, lr: 2e-2, steps: 6_000, known: 1 },
  { nbeta: 100, localization: 0, lr: 3.9e-2, steps: 60_000, known: 20 },
  { nbeta: 100, localization: 100, lr: 1e-3, steps: 30_000, known: 0.26316 },
  { nbeta: 1000, localization: 1, lr: 3e-3, steps: 10_000, known: 2.00401 },
  { nbeta: 100, localization: 10_000, lr: 1e-4, steps: 8_000 },
  { nbeta: 100, localization: 1, lr: 1e-2, gradientNoise: 0.3, steps: 8_000 },
  { nbeta: 100, localization: 1, lr: 5e-3, gain: 2, steps: 8_000 },
  { nbeta: 100, localization: 1, lr: 1e-2, sigma: 0.5, steps: 8_000 },
];

/** A start drawn from the recursion's own stationary law, so that nothing is spent on burn-in. */
function stationary(v: number, size = SIZE): number[] {
  const random = createRandom(3, 0, streams.jitter);
  return Array.from({ length: size }, () => Math.sqrt(v) * random.normal());
}

describe('SGLD on a quadratic', () => {
  it.each(settings)('has the variance of the discretised process: %o', (setting) => {
    const { nbeta, localization, lr, sigma = 1, gradientNoise = 0, gain, steps } = setting;
    const { v } = discretised(setting);
    const random = createRandom(4, 0, streams.gradientNoise);
    const noisy = separable(
      SIZE,
      (x) => 0.5 * x * x,
      (x) => x + (gradientNoise > 0 ? gradientNoise * random.normal() : 0),
    );
    const common = { lr, nbeta, localization, noiseLevel: sigma };
    const options: Options = gain
      ? { ...common, method: 'rmsprop-sgld', decay: 1, stability: 1 / gain }
      : { ...common, method: 'sgld' };
    const chain = startChain(noisy, options, { w: stationary(v) });
    const lambda = (nbeta * average(chain, { burnin: 0, steps })) / SIZE;
    expect(Math.abs(lambda / (0.5 * nbeta * v) - 1)).toBeLessThan(0.01);
    if (setting.known) expect(0.5 * nbeta * v).toBeCloseTo(setting.known, 4);
  });

  it('starts from the anchor along the expected trace, step by step within 4 standard errors', () => {
    const setting = { nbeta: 100, localization: 1, lr: 2e-3, steps: 0 };
    const { v, rho } = discretised(setting);
    const size = 4096;
    const chain = startChain(quadratic(size), { method: 'sgld', ...setting });
    for (let t = 0; t < 60; t++) {
      const expected = 0.5 * size * v * (1 - rho ** (2 * t));
      const error = expected * Math.sqrt(2 / size);
      expect(Math.abs(chain.step()('loss') - expected)).toBeLessThanOrEqual(4 * error);
    }
  });

  it.each([
    [12, 0.05],
    [12, 0.8],
    [100, 0.4],
  ])('of %d elements with εa = %d is accepted as the discretised process would be', (size, ea) => {
    const [nbeta, lr] = [100, ea / 100];
    const { v, rho } = discretised({ nbeta, localization: 0, lr, steps: 0 });
    const random = createRandom(5, 0, streams.probe);
    const pairs = 6000;
    let expected = 0;
    for (let k = 0; k < pairs; k++) {
      // With all eigenvalues a the logarithm is (εa² / 8)(‖w‖² − ‖w'‖²).
      let logarithm = 0;
      for (let i = 0; i < size; i++) {
        const w = Math.sqrt(v) * random.normal();
        logarithm += w ** 2 - (rho * w + Math.sqrt(lr) * random.normal()) ** 2;
      }
      expected += Math.exp(Math.min(0, ((ea * nbeta) / 8) * logarithm)) / pairs;
    }
    const options: Options = { method: 'sgld', lr, nbeta, localization: 0, acceptanceEvery: 1 };
    const chain = startChain(quadratic(size), options, { w: stationary(v, size) });
    const mean = average(chain, { burnin: 0, steps: 8_000 }, 'acceptance');
    expect(Math.abs(mean - expected)).toBeLessThan(0.012);
  });
});

describe('MALA on a quadratic', () => {
  it.each([
    [10, 0.05, 0.997],
    [10, 0.2, 0.972],
    [10, 0.8, 0.785],
    [100, 0.1, 0.968],
    [100, 0.4, 0.753],
  ])('of %d dimensions accepts as known at εa = %d', (dimensions, ea, known) => {
    const size = Math.ceil(dimensions / 4) * 4;
    const mask = Float32Array.from({ length: size }, (_, i) => Number(i < dimensions));
    const lr = ea / 100;
    const options: Options = { method: 'mala', lr, nbeta: 100, localization: 0, mask };
    const w = stationary(0.01, size).map((x, i) => x * mask[i]);
    const chain = startChain(quadratic(size), options, { w });
    const mean = average(chain, { burnin: 0, steps: 12_000 }, 'acceptance');
    expect(Math.abs(mean - known)).toBeLessThan(0.008);
  });
});

/** L(w) = w², of each element. */
const square = separable(
  SIZE,
  (x) => x * x,
  (x) => 2 * x,
);
const fourth = separable(
  SIZE,
  (x) => x ** 4,
  (x) => 4 * x ** 3,
);

/** Method, its options at nβ = 100 and 1000 (curvature is about 2nβ: step sizes shrink with it), tolerance. */
const exactish: readonly (readonly [string, (nbeta: number) => Options, number])[] = [
  ['mala', (nbeta) => ({ method: 'mala', lr: 0.3 / nbeta, nbeta, localization: 1 }), 0.015],
  [
    'hmc',
    (nbeta) => ({ method: 'hmc', lr: 0.06 / nbeta, nbeta, localization: 1, leapfrog: 5 }),
    0.015,
  ],
  [
    'sgnht',
    (nbeta) => ({ method: 'sgnht', lr: 0.02 / nbeta, nbeta, localization: 1, friction: 0.02 }),
    0.03,
  ],
  [
    'sghmc',
    (nbeta) => ({ method: 'sghmc', lr: 0.02 / nbeta, nbeta, localization: 1, friction: 0.1 }),
    0.03,
  ],
];

describe.each(exactish)('%s samples the thermal values', (_, options, tolerance) => {
  it.each([
    ['w²', square, SIZE, 100, 0.4975, 20_000],
    ['w²', square, SIZE, 1000, 0.4998, 20_000],
    ['w⁴', fourth, SIZE, 100, 0.2417, 16_000],
    ['x²y²', crossings(SIZE), SIZE / 2, 100, 0.3542, 40_000],
  ] as const)('of %s', (name, potential, copies, nbeta, known, steps) => {
    const chain = startChain(potential, options(nbeta), {
      w: Array.from({ length: SIZE }, (_, i) => (3 / Math.sqrt(nbeta)) * Math.sin(i + 1)),
    });
    const lambda = (nbeta * average(chain, { burnin: 2000, steps })) / copies;
    expect(Math.abs(lambda / known - 1), `${name}: ${lambda}`).toBeLessThan(tolerance);
  });
});
