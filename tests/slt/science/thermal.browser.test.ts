/** MALA, HMC, SGNHT and SGHMC on potentials, through a whole run on the device, against quadrature. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { potentialThermal } from '../../../src/slt/theory';
import { openLab, type Lab } from './lab';
import { potentials, thermals, wanted } from './settings';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

/** Of one copy at γ = 1, to four digits: so that the quadrature is not both judge and party. */
const known: Readonly<Record<string, readonly [number, number]>> = {
  'w²': [0.4975, 0.4998],
  'w⁴': [0.2417, 0.2473],
  'x²y²': [0.3542, 0.3903],
  'x² + y⁴': [0.7392, 0.7471],
};

it.each(Object.entries(potentials))('%s by quadrature is as known', (name, terms) => {
  const copies = /y/.test(name) ? 4 : 8;
  [100, 1000].forEach((nbeta, k) => {
    const { value } = potentialThermal(terms, new Array<number>(8).fill(0), {
      nbeta,
      localization: 1,
    });
    expect(Math.abs(value! / copies - known[name][k])).toBeLessThan(6e-5);
  });
});

/** The tolerance is about three standard errors of a run, of sgnht and sghmc four: their step has a bias below 1 %. */
describe.each(['hmc', 'mala', 'sgnht', 'sghmc'])('%s gives the exact thermal value', (method) => {
  const own = thermals.flatMap((one, k) =>
    one.method === method && wanted(one) ? [{ ...one, seed: k + 31 }] : [],
  );
  it.each(own.map((one) => [one.potential, one.nbeta, one] as const))(
    '%s at nβ = %d',
    async (_, nbeta, { potential, tolerance, sampler, seed }) => {
      const { results } = await lab.sample({
        seed,
        target: { kind: 'potential', terms: potentials[potential] },
        sampler: { method, nbeta, localization: 1, ...sampler },
      });
      const { llc, thermal } = results;
      expect(2.5 * llc.standardError!).toBeLessThan(tolerance * thermal!);
      expect(Math.abs(llc.mean! / thermal! - 1)).toBeLessThan(tolerance);
    },
  );
});
