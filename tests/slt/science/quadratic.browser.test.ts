/** SGLD on quadratics, through a whole run on the device, against the closed form of its discretised chain. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quadraticStandardError, solveQuadratic, traceQuadratic } from '../../../src/slt/theory';
import { lossesOf, openLab, type Lab } from './lab';
import { quadraticConfig, quadratics } from './settings';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

/**
 * 64 coordinates × 128 chains × 48 draws are 393,216 values of w², each with relative variance 2: an independent draw would leave an
 * error of √(2/393,216) = 0.23 %, so that 1 % is four of them.
 */
const SIZES = { chains: 128, burnin: 8, draws: 48 };

describe('λ̂ is that of the discretised chain within 1 %, which is four standard errors', () => {
  it.each(quadratics.map((one, k) => [one.name, one, k + 1] as const))(
    '%s',
    async (_, one, seed) => {
      const oracle = solveQuadratic(one.settings);
      const error = quadraticStandardError(oracle, SIZES.chains, SIZES.draws, one.thin);
      expect(4 * error).toBeLessThan(0.0105 * oracle.llc);
      const { results } = await lab.sample(quadraticConfig(one, seed, SIZES));
      const { llc, thermal, path } = results;
      expect(path).toBe(one.path ?? 'on-chip');
      expect(Math.abs(llc.mean! - oracle.llc)).toBeLessThan(4 * error);
      // The run knows the exact value itself, where the method is one it has a closed form for.
      if (one.settings.preconditioner === undefined) expect(thermal).toBeCloseTo(oracle.llc, 9);
      // The error it states is the right one: 128 chains know it to 6 %.
      expect(llc.standardError! / error).toBeGreaterThan(0.75);
      expect(llc.standardError! / error).toBeLessThan(1.35);
    },
  );
});

/**
 * Of 100 steps one lies beyond four standard errors by chance in 100 × 6.3e-5, 1 run of 160, if steps were independent; they are not, and
 * it is rarer. With 512 chains of 64 coordinates four standard errors are 3 % of the expected loss.
 */
describe('from w* the mean over chains follows the expected trace, 100 steps within four standard errors', () => {
  const [steps, chains] = [100, 512];
  const still = { ...quadratics[0].settings, lr: 1e-3, localization: 1 };
  it.each([
    ['full batch, ρ = 0.95', still],
    ['noise of gradients', { ...still, gradientNoise: 0.6 }],
    ['ε at the edge, ρ = −0.95', { ...still, lr: 3.86e-2 }],
  ])('%s', async (name, settings) => {
    const sizes = { chains, burnin: 0, draws: steps };
    const { files } = await lab.sample(quadraticConfig({ name, settings, thin: 1 }, 21, sizes));
    const losses = lossesOf(files, chains);
    const expected = traceQuadratic(settings, steps);
    expect(losses.length).toBe(steps * chains);
    for (let t = 0; t < steps; t++) {
      const row = losses.subarray(t * chains, (t + 1) * chains);
      const mean = row.reduce((sum, loss) => sum + loss, 0) / chains;
      const error = Math.sqrt(expected.variance[t] / chains);
      expect(Math.abs(mean - expected.mean[t]), `step ${t}`).toBeLessThanOrEqual(4 * error);
    }
  });
});
