/** Both execution paths, in float64, draw the same numbers and so record the same rows, target by target. */
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../../src/lab/experiments/llc-target';
import { SAMPLER_METRICS } from '../../../src/optim/sampler/options';
import { openSampling, type PathChoice } from '../../../src/slt/sampling/open';
import { setUpSampling } from '../../../src/slt/sampling/setup';
import { parseTarget, TARGETS } from '../targets/targets';

const STEPS = 12;

async function rowsOf(target: object, sampler: object, prefer: PathChoice): Promise<number[][]> {
  const config = parseTarget(target, { chains: 2, burnin: 0, draws: STEPS, ...sampler });
  const { target: built } = buildTarget(config, {});
  const { lr, localization } = config.sampler;
  const setup = setUpSampling(
    built,
    { ...config.sampler, seed: 3, heads: null },
    built.points.map((_, point) => ({ point, lr, localization, nbeta: 20 })),
  );
  const { program, path } = await openSampling(null, setup, { prefer, observe: false });
  expect(path).toBe(prefer);
  const { rows } = await program.advance(setup.steps);
  const width = SAMPLER_METRICS.length * setup.keys.length;
  const every = prefer === 'on-chip' ? 1 : setup.every;
  return Array.from({ length: STEPS }, (_, k) => [
    ...rows.subarray(k * every * width, (k * every + 1) * width),
  ]);
}

const samplers: Readonly<Record<string, object>> = {
  sgld: { method: 'sgld', lr: 1e-3, localization: 2 },
  hmc: { method: 'hmc', lr: 1e-3, leapfrog: 3, localization: 1 },
  sgnht: { method: 'sgnht', lr: 1e-3, box: 0.3 },
};

describe.each(Object.entries(TARGETS))('%s', (_, target) => {
  it.each(Object.entries(samplers))(
    '%s: on the chip as on the general path',
    async (_, sampler) => {
      const chip = await rowsOf(target, sampler, 'on-chip');
      const general = await rowsOf(target, sampler, 'general');
      chip.forEach((row, k) => {
        row.forEach((value, column) => {
          // The general path holds L(w*) as a float32, so near 0 the excess differs by its rounding.
          const scale = Math.max(1e-4, Math.abs(value));
          expect(
            Math.abs(general[k][column] - value) / scale,
            `row ${k}, ${SAMPLER_METRICS[Math.floor(column / (row.length / SAMPLER_METRICS.length))]}: ${value} and ${general[k][column]}`,
          ).toBeLessThan(1e-5);
        });
      });
      // Chains that do not move would agree as well.
      expect(chip[STEPS - 1][2 * (chip[0].length / SAMPLER_METRICS.length)]).toBeGreaterThan(0);
    },
  );
});
