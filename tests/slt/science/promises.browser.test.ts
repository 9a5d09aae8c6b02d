/** What a whole run on the device promises whatever it samples: bits, lost chains, resuming, sweeps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Files } from '../../../src/lab/files';
import { keep, lossesOf, openLab, resultsOf, type Config, type Lab } from './lab';
import { quadraticConfig, quadratics } from './settings';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

const CHAINS = 64;
const kGon: Config = {
  seed: 5,
  target: { kind: 'superposition', features: 6, state: '5+' },
  sampler: {
    ...{ method: 'hmc', lr: 5e-7, leapfrog: 5, nbeta: 1e6, localization: 50 },
    ...{ chains: CHAINS, burnin: 5, draws: 20, thin: 2 },
  },
};
const layers: Config = {
  seed: 6,
  target: { kind: 'linear-network', widths: [3, 2, 3], rank: 1 },
  sampler: { lr: 1e-4, nbeta: 1000, chains: CHAINS, burnin: 10, draws: 40, path: 'general' },
};
const batches: Config = {
  seed: 7,
  target: { kind: 'linear-network', widths: [3, 2, 3], rank: 1, loss: 'sample', samples: 60 },
  sampler: { lr: 1e-4, nbeta: 1000, chains: CHAINS, burnin: 10, draws: 40, batchSize: 16 },
};
const subjects = [
  ['k-gon, hmc, on the chip', kGon],
  ['linear network, sgld, general path', layers],
  ['samples in mini-batches, sgld', batches],
] as const;

const bits = (values: Float32Array): number[] => [...new Uint32Array(values.slice().buffer)];
const bytes = (files: Files): object =>
  Object.fromEntries(Object.entries(files).map(([name, all]) => [name, [...all]]));

describe.each(subjects)('%s', (_, config) => {
  it('one chain of 64 that is not finite leaves the 63 others as they are, bit for bit', async () => {
    const lost = 17;
    const sample = async (broken: boolean) => {
      const run = await lab.start(config);
      try {
        if (broken) {
          const state = await run.program.save();
          const parameters = state.parameters.slice();
          parameters[lost * run.program.layout.stride] = NaN;
          run.program.restore({ ...state, parameters });
        }
        await run.advanceTo(run.total);
        return {
          results: resultsOf(run),
          warnings: run.record().warnings,
          losses: lossesOf(await run.files(), CHAINS),
          parameters: (await run.program.save()).parameters,
        };
      } finally {
        run.dispose();
      }
    };
    const [sound, broken] = [await sample(false), await sample(true)];
    const stride = sound.parameters.length / CHAINS;
    const others = (all: Float32Array, chainOf: (i: number) => number): number[] =>
      bits(all.filter((__, i) => chainOf(i) !== lost));
    expect(others(broken.losses, (i) => i % CHAINS)).toEqual(
      others(sound.losses, (i) => i % CHAINS),
    );
    expect(others(broken.parameters, (i) => Math.floor(i / stride))).toEqual(
      others(sound.parameters, (i) => Math.floor(i / stride)),
    );
    // And so do their estimates; the lost one has none, and is told of.
    const { llc, diagnostics, verdicts } = broken.results;
    expect(llc.perChain).toEqual(
      sound.results.llc.perChain.map((value, chain) => (chain === lost ? null : value)),
    );
    const living = llc.perChain.filter((value) => value !== null);
    const mean = living.reduce((sum, value) => sum + value, 0) / living.length;
    expect(Math.abs(llc.mean! / mean - 1)).toBeLessThan(1e-12);
    expect(diagnostics.diverged).toEqual([{ chain: lost, step: 0 }]);
    expect(verdicts.map(({ code }) => code)).toContain('diverged');
    expect(broken.warnings).toContain(`chain ${lost} diverged at step 0`);
    expect(sound.results.diagnostics.diverged).toEqual([]);
  });

  it('same seed, same bits, however submits cut the steps; another seed, others', async () => {
    const sample = async (pace: number, seed = config.seed) => {
      const run = await lab.start({ ...config, seed }, { pace });
      try {
        await run.advanceTo(run.total);
        return { results: resultsOf(run), files: bytes(await run.files()) };
      } finally {
        run.dispose();
      }
    };
    const [once, again, other] = [await sample(100), await sample(1), await sample(100, 99)];
    expect(again.files).toEqual(once.files);
    expect(again.results).toEqual(once.results);
    expect(other.results.llc.mean).not.toBe(once.results.llc.mean);
  });

  it('resumed in the middle gives exactly the same results', async () => {
    const whole = await lab.sample(config);
    const first = await lab.start(config);
    // Inside a draw, and of hmc inside a trajectory.
    const middle = Math.floor(0.6 * first.total) + 1;
    await first.advanceTo(middle);
    const earlier = await keep(first);
    first.dispose();
    const second = await lab.start(config, { earlier });
    try {
      expect(second.step).toBe(middle);
      await second.advanceTo(second.total);
      expect(resultsOf(second).llc).toEqual(whole.results.llc);
      expect(resultsOf(second)).toEqual(whole.results);
      expect(bytes(await second.files())).toEqual(bytes(whole.files));
    } finally {
      second.dispose();
    }
  });
});

describe('a sweep of ε × γ is one run', () => {
  const [{ settings }] = quadratics;
  const base = quadraticConfig({ name: '', settings, thin: 10 }, 8, {
    ...{ chains: 32, burnin: 10, draws: 20 },
  });
  const lr = [2e-3, 8e-3];
  const localization = [1, 100];

  it('and each grid point is what a run at that setting alone gives', async () => {
    const { results, files } = await lab.sample({ ...base, sweep: { lr, localization } });
    expect(results.sweep.map((one) => [one.localization, one.lr])).toEqual([
      [1, 2e-3],
      [1, 8e-3],
      [100, 2e-3],
      [100, 8e-3],
    ]);
    for (const [k, one] of results.sweep.entries()) {
      const alone = await lab.sample({
        ...base,
        seed: k === 0 ? base.seed : 200 + k,
        sampler: { ...base.sampler, lr: one.lr, localization: one.localization },
      });
      const { llc, thermal } = alone.results;
      const both = Math.hypot(one.llc.standardError!, llc.standardError!);
      expect(Math.abs(one.llc.mean! - llc.mean!)).toBeLessThan(4 * both);
      expect(one.thermal).toBe(thermal);
      expect(Math.abs(one.llc.mean! - thermal!)).toBeLessThan(4 * one.llc.standardError!);
      if (k > 0) continue;
      // The chains of the first grid point have the keys of a run alone, and so its bits.
      expect(one.llc.perChain).toEqual(llc.perChain);
      const swept = lossesOf(files, 4 * 32).filter((_, i) => i % 128 < 32);
      expect(bits(swept)).toEqual(bits(lossesOf(alone.files, 32)));
    }
  });
});
