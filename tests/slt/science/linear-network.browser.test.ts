/** Linear networks with population loss: HMC at finite nβ, and what SGLD says of its own step size. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab, type Lab } from './lab';
import { linearNetworks, wanted } from './settings';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

/** Standard errors are 0.5 to 0.8 %. */
describe('HMC on the population loss', () => {
  const chosen = linearNetworks.map((one, k) => ({ ...one, seed: 71 + k })).filter(wanted);
  it.each(chosen)(
    '$widths of rank $rank at nβ = $nbeta: $known',
    async ({ widths, rank, nbeta, known, sampler, tolerance, seed }) => {
      const { results } = await lab.sample({
        seed,
        target: { kind: 'linear-network', widths, rank },
        sampler: { method: 'hmc', nbeta, localization: 1, ...sampler },
      });
      const { llc } = results;
      expect(2.5 * llc.standardError!).toBeLessThan(tolerance * known);
      expect(Math.abs(llc.mean! / known - 1)).toBeLessThan(tolerance);
    },
  );
});

describe('SGLD says when its step size inflates λ̂', () => {
  // Measured at these ε: λ̂ of 10, 16.4 and 21.5 for λ = 10.5; of 45, 82 and 121 for λ = 45.5.
  it.each([
    { widths: [5, 5, 5], rank: 1, chains: 16, inflated: [16.4, 21.5] },
    { widths: [10, 10, 10], rank: 4, chains: 8, inflated: [82, 121] },
  ])('$widths of rank $rank', async ({ widths, rank, chains, inflated }) => {
    const { results } = await lab.sample({
      seed: 91,
      target: { kind: 'linear-network', widths, rank },
      sampler: { nbeta: 1000, localization: 1, chains, burnin: 300, draws: 100, thin: 2 },
      sweep: { lr: [2e-5, 3e-4, 6e-4] },
    });
    const [fine, ...coarse] = results.sweep;
    const flagged = (one: (typeof results.sweep)[number]): boolean =>
      one.verdicts.some(({ code }) => code === 'step-too-large');
    expect(fine.diagnostics.stepBias).toBeLessThan(0.02);
    expect(flagged(fine)).toBe(false);
    coarse.forEach((one, k) => {
      expect(flagged(one)).toBe(true);
      // No stable step is accepted so rarely where there is no number.
      expect(one.diagnostics.stepBias ?? Infinity).toBeGreaterThan(0.05);
      // It is right to: chains as short as these have gone most of the way to the inflated value.
      expect(one.llc.mean!).toBeGreaterThan(0.75 * inflated[k]);
      expect(one.llc.mean!).toBeLessThan(1.15 * inflated[k]);
    });
  });
});
