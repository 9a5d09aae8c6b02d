/** The experiment behind this page: its settings as rows, and the targets to choose from as complete configurations. */
import { llcSchema, type LlcConfig } from '../../src/lab/experiments/llc-schema';
import { llcPresets } from '../../src/lab/experiments/llc-presets';
import type { Preset } from '../../src/lab/experiments/types';
import { parse } from '../../src/lab/schema';
import { describe } from '../../src/lab/schema-paths';
import { TEMPERATURE_CONVENTIONS } from '../../src/slt/estimate/conventions';
import type { Config, Field } from '../shared/fields';

/** What says which experiment this is, rather than how it goes; the target's kind is chosen by name. */
const fixed = ['schema', 'experiment', 'target.kind', 'target.path'];

const blanks: Readonly<Record<string, string>> = {
  'sampler.box': 'none',
  'sampler.friction': 'default',
};

export const fields: readonly Field[] = describe(llcSchema)
  .filter(({ path }) => !fixed.includes(path))
  .map((row): Field => {
    const blank = blanks[row.path];
    if (blank !== undefined) return { ...row, blank };
    if (row.path !== 'sampler.nbeta') return row;
    return { ...row, kind: 'number', min: 1e-6, max: 1e12, words: TEMPERATURE_CONVENTIONS };
  });

export interface Target {
  /** The short name that the address carries. */
  readonly name: string;
  readonly label: string;
  readonly sentence: string;
  /** Raw; the preset `llc.<name>` takes its place where there is one, unless the page wants its own. */
  readonly config: object;
  readonly own?: true;
}

/** (w₁ − 1)²·(w₁² + w₂²)⁴, multiplied out. */
const lineAndDot = [1, 4, 6, 4, 1].flatMap((binomial, k) =>
  [
    [1, 2],
    [-2, 1],
    [1, 0],
  ].map(([factor = 0, more = 0]) => ({
    coefficient: binomial * factor,
    powers: [2 * (4 - k) + more, 2 * k],
  })),
);
const polygons = {
  target: { kind: 'superposition', features: 6, state: '5+' },
  sampler: {
    method: 'hmc',
    lr: 4e-6,
    nbeta: 1e6,
    localization: 50,
    chains: 64,
    burnin: 200,
    draws: 400,
  },
};

export const targets: readonly Target[] = [
  {
    name: 'normal-crossing',
    own: true,
    label: 'x²y²: two valleys cross',
    sentence: 'The simplest singular loss with m = 2: zero on both axes, sharp away from them.',
    config: {
      target: { kind: 'potential', terms: [{ coefficient: 1, powers: [2, 2] }], at: [0, 0] },
      sampler: { method: 'hmc', lr: 5e-4, leapfrog: 5, chains: 64, burnin: 300, draws: 2000 },
    },
  },
  {
    name: 'quartic',
    label: 'w⁴: flat at the bottom',
    sentence: 'One parameter, but it counts half as much: λ = 1/4.',
    config: {
      target: { kind: 'potential', terms: [{ coefficient: 1, powers: [4] }], at: [0] },
      sampler: { method: 'mala', lr: 0.01, nbeta: 1000, chains: 64, burnin: 300, draws: 1500 },
    },
  },
  {
    name: 'quadratic',
    label: '½w₁² + w₂²: a plain bowl',
    sentence: 'Regular: λ = d/2, and even SGLD’s own error is known exactly.',
    config: {
      target: { kind: 'quadratic', eigenvalues: [1, 2] },
      sampler: { method: 'sgld', lr: 2e-4, nbeta: 1000, chains: 64, burnin: 500, draws: 2000 },
    },
  },
  {
    name: 'two-basins',
    label: 'A line and a dot',
    sentence: 'Two minima of the same loss: a line with λ = 1/2 and a dot with λ = 1/4.',
    config: {
      target: { kind: 'potential', terms: lineAndDot, at: [0, 0] },
      sampler: {
        method: 'mala',
        lr: 0.002,
        localization: 10,
        nbeta: 1000,
        chains: 64,
        burnin: 500,
        draws: 2000,
      },
    },
  },
  {
    name: 'deep-linear',
    label: 'Linear network',
    sentence: '5 → 5 → 5 of rank 1: λ = 10.5 of 50 parameters (Aoyagi).',
    config: {
      target: { kind: 'linear-network', widths: [5, 5, 5], rank: 1 },
      sampler: { method: 'hmc', lr: 1e-4, nbeta: 1000, chains: 64, burnin: 200, draws: 400 },
    },
  },
  {
    name: 'tanh',
    label: 'tanh network',
    sentence: 'Hidden units that fit nothing: the truth is zero, the set of solutions is tangled.',
    config: {
      target: { kind: 'tanh', hidden: 3 },
      sampler: { method: 'hmc', lr: 1e-4, nbeta: 1000, chains: 64, burnin: 300, draws: 500 },
    },
  },
  {
    name: 'superposition-kgons',
    label: 'Superposition: k-gons',
    sentence: 'Six features in the plane; each polygon is a critical point with its own λ.',
    config: polygons,
  },
  {
    name: 'rescaling',
    label: 'ReLU, rescaled',
    sentence: 'The same function at other weights: λ̂ should not care, curvature does.',
    config: {
      target: { kind: 'relu', widths: [10, 20, 10], rescale: [0.25, 0.5, 1, 2, 4] },
      sampler: { method: 'rmsprop-sgld', lr: 1e-4, nbeta: 'n/log(n)', chains: 16 },
    },
  },
  {
    name: 'dln-saddles',
    label: 'Learning by saddles',
    sentence: 'A linear network learns one direction after another: its loss falls, its λ climbs.',
    config: {
      target: { kind: 'saddles' },
      sampler: {
        method: 'hmc',
        lr: 2e-5,
        leapfrog: 20,
        localization: 30,
        nbeta: 1000,
        chains: 16,
        burnin: 100,
        draws: 300,
      },
    },
  },
  {
    name: 'browser',
    label: 'Your grokking run',
    sentence: 'λ̂ at every checkpoint of the run that the grokking page kept in this browser.',
    config: {
      target: { kind: 'run', path: 'browser', steps: 'all' },
      sampler: {
        method: 'sgld',
        lr: 2e-4,
        localization: 30,
        nbeta: 'n/log(n)',
        batchSize: 128,
        chains: 2,
        burnin: 200,
        draws: 150,
      },
    },
  },
];

export const presets: ReadonlyMap<string, Config> = new Map(
  targets.map(({ name, config, own }) => {
    const known = own === true ? config : (presetNamed(name)?.config ?? config);
    return [name, parse(llcSchema, known) as unknown as Config];
  }),
);

function presetNamed(name: string): Preset | undefined {
  return llcPresets.find((preset) => preset.name === `llc.${name}`);
}

/** A configuration of this page as the experiment reads it. */
export function readConfig(config: unknown): LlcConfig {
  return parse(llcSchema, config);
}
