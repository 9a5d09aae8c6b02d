/** What this page shows of the experiment: its settings, presets, lines, phases and words. */
import type { Config, Field } from '../shared/fields';

const f = (
  path: string,
  kind: string,
  label: string,
  fallback: unknown,
  rest: Partial<Field> = {},
): Field => ({
  path,
  kind: kind === 'choice' ? 'choice' : 'number',
  integer: kind === 'integer',
  label,
  default: fallback,
  required: false,
  ...rest,
});

export const fields: readonly Field[] = [
  f('seed', 'integer', 'Seed', 0, { min: 0, max: 4294967295 }),
  f('steps', 'integer', 'Steps', 1500, { min: 1, max: 1e6 }),
  f('data.modulus', 'integer', 'Modulus p', 53, { min: 3, max: 251 }),
  f('data.fraction', 'number', 'Pairs shown', 0.5, { min: 0.05, max: 0.95 }),
  f('data.pairs', 'choice', 'Pairs', 'unordered', { choices: ['unordered', 'ordered'] }),
  f('network.kind', 'choice', 'Network', 'mlp', { choices: ['mlp', 'transformer'] }),
  f('network.width', 'integer', 'Width', 128, { min: 1, max: 512 }),
  f('network.hidden', 'integer', 'Hidden units', 48, { min: 1, max: 2048 }),
  f('network.heads', 'integer', 'Heads', 4, { min: 1, max: 16 }),
  f('optimizer.lr', 'number', 'Learning rate', 0.01, { min: 1e-6, max: 1 }),
  f('optimizer.weightDecay', 'number', 'Weight decay', 1, { min: 0, max: 10 }),
  f('optimizer.beta1', 'number', 'β₁', 0.9, { min: 0, max: 0.9999 }),
  f('batchSize', 'integer', 'Batch', null, { min: 1, max: 1e6, unit: 'pairs' }),
  f('evaluateEvery', 'integer', 'Evaluate every', 25, { min: 1, max: 10000, unit: 'steps' }),
];

const quick: Config = {
  schema: 1,
  experiment: 'modular-addition',
  seed: 0,
  replicas: 1,
  steps: 1500,
  data: { modulus: 53, operation: 'add', fraction: 0.5, pairs: 'unordered' },
  network: { kind: 'mlp', width: 128, hidden: 48, activation: 'relu', heads: 4 },
  optimizer: { kind: 'adamw', lr: 0.01, beta1: 0.9, beta2: 0.98, weightDecay: 1 },
  batchSize: null,
  evaluateEvery: 25,
};

export const presets: ReadonlyMap<string, Config> = new Map<string, Config>([
  ['quick', quick],
  [
    'transformer',
    {
      ...quick,
      network: { kind: 'transformer', width: 64, hidden: 256, activation: 'relu', heads: 4 },
    },
  ],
]);
