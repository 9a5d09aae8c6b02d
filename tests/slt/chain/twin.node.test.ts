/** Samplers in float64 against closed forms: the discretised quadratic, thermal values by quadrature, linear networks. */
import { describe, expect, it } from 'vitest';
import { networkShapes } from '../../../src/lab/check/chain-cases';
import type { SamplerOptions } from '../../../src/optim/sampler/options';
import { interpretChains } from '../../../src/slt/chain/interpret';
import type { Term } from '../../../src/chip/types';
import { buildSpec, meanOf } from './build';

const DIMENSIONS = 64;

/** λ̂ of a coordinate of ½h‖w‖², and the closed form ½·nβ·h·v. */
async function quadratic(
  h: number,
  sampler: SamplerOptions | Pick<SamplerOptions, 'method' | 'lr'>,
  { gradientNoise = 0, steps = 1500 } = {},
): Promise<number> {
  const spec = buildSpec({
    target: { kind: 'quadratic', eigenvalues: Array<number>(DIMENSIONS).fill(h), gradientNoise },
    shapes: { w: [DIMENSIONS] },
    chains: 16,
    sampler,
  });
  const { nbeta } = spec.sampler;
  const mean = await meanOf(interpretChains(spec), 'loss', 200, steps);
  return ((nbeta as number) * mean) / DIMENSIONS;
}

/** ½·nβ·h·v with v = (ε + (ε·nβ/2)²·σ_g²) / (1 − ρ²), ρ = 1 − ½εa, a = nβ·h + γ. */
function exactQuadratic(h: number, nbeta: number, gamma: number, lr: number, noise = 0): number {
  const rho = 1 - (lr * (nbeta * h + gamma)) / 2;
  const variance = (lr + ((lr * nbeta) / 2) ** 2 * noise ** 2) / (1 - rho ** 2);
  return (nbeta * h * variance) / 2;
}

describe('SGLD on quadratics, within 1 % of the closed form', () => {
  it.each([
    { nbeta: 100, localization: 0, lr: 1e-3, table: 0.51282 },
    { nbeta: 100, localization: 0, lr: 1e-2, table: 0.66667 },
    { nbeta: 100, localization: 0, lr: 2e-2, table: 1 },
    { nbeta: 100, localization: 0, lr: 3.9e-2, table: 20 },
    { nbeta: 100, localization: 100, lr: 1e-3, table: 0.26316 },
    { nbeta: 1000, localization: 1, lr: 1e-3, table: 0.66622 },
    { nbeta: 1000, localization: 1, lr: 3e-3, table: 2.00401 },
  ])('nβ $nbeta, γ $localization, ε $lr', async ({ nbeta, localization, lr, table }) => {
    const exact = exactQuadratic(1, nbeta, localization, lr);
    expect(exact).toBeCloseTo(table, 3);
    const found = await quadratic(1, { method: 'sgld', lr, nbeta, localization } as SamplerOptions);
    expect(Math.abs(found / exact - 1)).toBeLessThan(0.01);
  });

  it('with noise of mini-batches', async () => {
    const exact = exactQuadratic(2, 100, 1, 4e-3, 2);
    const sampler = { method: 'sgld', lr: 4e-3 } as const;
    const found = await quadratic(2, sampler, { gradientNoise: 2 });
    expect(Math.abs(found / exact - 1)).toBeLessThan(0.01);
  });

  it('with a preconditioner that stays as it starts: ε / δ is the step', async () => {
    const exact = exactQuadratic(1, 100, 1, 1e-2);
    const sampler = { method: 'rmsprop-sgld', lr: 5e-3, decay: 1, stability: 0.5 } as const;
    expect(Math.abs((await quadratic(1, sampler)) / exact - 1)).toBeLessThan(0.01);
  });
});

interface Potential {
  readonly name: string;
  readonly terms: readonly Term[];
  /** nβ·E[K] at nβ = 100, γ = 1, by quadrature. */
  readonly thermal: number;
  /** L of HMC: far from half a turn of whatever oscillates, or nothing mixes. */
  readonly leapfrog: number;
}

const potentials: readonly Potential[] = [
  { name: 'w⁴', terms: [{ coefficient: 1, powers: [4] }], thermal: 0.2417, leapfrog: 16 },
  { name: 'x²y²', terms: [{ coefficient: 1, powers: [2, 2] }], thermal: 0.3542, leapfrog: 16 },
  {
    name: 'x² + y⁴',
    terms: [
      { coefficient: 1, powers: [2, 0] },
      { coefficient: 1, powers: [0, 4] },
    ],
    thermal: 0.7392,
    leapfrog: 7,
  },
];

/** Relative error of nβ·E[K] at nβ = 100, γ = 1. */
async function thermalError(
  { terms, thermal }: Pick<Potential, 'terms' | 'thermal'>,
  sampler: Pick<SamplerOptions, 'method' | 'lr'> & Partial<SamplerOptions>,
  steps: number,
): Promise<number> {
  const variables = terms[0].powers.length;
  const rowEvery = sampler.leapfrog ?? 1;
  const target = { kind: 'polynomial', variables, terms } as const;
  const spec = buildSpec({ target, shapes: { w: [variables] }, chains: 64, sampler, rowEvery });
  const mean = await meanOf(interpretChains(spec), 'loss', 700, steps);
  return Math.abs((100 * mean) / thermal - 1);
}

describe('potentials, against quadrature', () => {
  it.each(potentials)('HMC on $name, within 2 %', async (potential) => {
    const sampler = { method: 'hmc', lr: 0.008, leapfrog: potential.leapfrog } as const;
    expect(await thermalError(potential, sampler, 3000 * potential.leapfrog)).toBeLessThan(0.02);
  });

  // The others mix too slowly along the axes of x²y² for a test.
  it.each([potentials[0], potentials[2]])('the others on $name, within 3 %', async (potential) => {
    for (const sampler of [
      { method: 'mala', lr: 0.02 },
      { method: 'sghmc', lr: 4e-4, friction: 0.05 },
      { method: 'sgnht', lr: 2e-4, friction: 0.02 },
    ] as const)
      expect(await thermalError(potential, sampler, 9_000), sampler.method).toBeLessThan(0.03);
  });
});

describe('linear networks by HMC at nβ = 100, within 2 %', () => {
  it.each([
    { widths: [2, 2, 2], rank: 1, thermal: 1.829 },
    { widths: [3, 3, 3], rank: 1, thermal: 3.84 },
  ])('$widths, rank $rank', async ({ widths, rank, thermal }) => {
    const [inputs, outputs] = [widths[0], widths[widths.length - 1]];
    const truth = new Float32Array(inputs * outputs);
    for (let k = 0; k < rank; k++) truth[k * inputs + k] = 1;
    // The balanced truth: every layer is the same diagonal of ones.
    const at = widths.slice(1).flatMap((out, l) =>
      Array.from({ length: out * widths[l] }, (_, i) => {
        const [row, column] = [Math.floor(i / widths[l]), i % widths[l]];
        return row === column && row < rank ? 1 : 0;
      }),
    );
    const spec = buildSpec({
      target: { kind: 'linear-network', widths, truth },
      shapes: networkShapes(widths, false),
      chains: 32,
      sampler: { method: 'hmc', lr: 0.0025, leapfrog: 25 },
      at,
      rowEvery: 25,
    });
    const program = interpretChains(spec);
    const mean = await meanOf(program, 'loss', 1000, 30_000);
    expect(Math.abs((100 * mean) / thermal - 1)).toBeLessThan(0.02);
  });
});
