/** Named lottery runs. */
import type { Preset } from './types';

export const lotteryPresets: readonly Preset[] = [
  {
    name: 'lottery.digits',
    summary:
      'Iterative pruning of a 300–100 network on drawn digits: ten rounds down to 11 % of the weights, beside the same masks on new starts, in some ten minutes on two cores.',
    config: {
      schema: 1,
      experiment: 'lottery',
      data: { side: '14', train: 4000, validation: 1000, test: 1500 },
      batchSize: 60,
      optimizer: { kind: 'adam', lr: 0.0035, beta2: 0.999, weightDecay: 0 },
      steps: 450,
      rounds: 10,
      networks: 2,
      evaluateEvery: 30,
    },
  },
  {
    name: 'lottery.classic',
    summary:
      'LeNet-300-100 on 28 × 28 pixels at the learning rate and batch of Frankle and Carbin, fourteen rounds, five trials: for a GPU.',
    config: {
      schema: 1,
      experiment: 'lottery',
      steps: 1000,
      rounds: 14,
      networks: 5,
    },
  },
];
