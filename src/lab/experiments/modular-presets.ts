/** Presets of the modular-arithmetic experiment. */
import type { Preset } from './types';

const modular = { schema: 1, experiment: 'modular-addition' } as const;

export const modularPresets: readonly Preset[] = [
  {
    name: 'modular-addition.quick',
    summary:
      'MLP on a + b mod 53: memorises by step 50, generalises near 1,100 (800 to 1,600 by seed), in half a minute on two cores.',
    config: { ...modular, measures: {} },
  },
  {
    name: 'modular-addition.transformer',
    summary:
      'One-layer transformer on a + b mod 53: memorises by step 100, generalises near step 850.',
    config: {
      ...modular,
      steps: 2000,
      data: { modulus: 53, fraction: 0.5, pairs: 'ordered' },
      network: { kind: 'transformer', width: 64, hidden: 256, heads: 4 },
      optimizer: { lr: 0.003 },
      measures: {},
    },
  },
  {
    name: 'modular-addition.paper',
    summary:
      "Nanda et al.'s run, a + b mod 113 from 30 % of the pairs: memorises by step 150, generalises near 10,000.",
    config: {
      ...modular,
      steps: 40_000,
      data: { modulus: 113, fraction: 0.3, pairs: 'ordered' },
      network: { kind: 'transformer', width: 128, hidden: 512, heads: 4, equalsClass: true },
      optimizer: { lr: 0.001, warmup: 10 },
      measures: { every: 200 },
      evaluateEvery: 100,
    },
  },
];
