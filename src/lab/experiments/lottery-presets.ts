/** Named lottery runs. */
import type { Preset } from './types';

export const lotteryPresets: readonly Preset[] = [
  {
    name: 'lottery.digits',
    summary:
      'Iterative pruning of a 300–100 network on drawn digits: at 21 % of the weights tickets stop at step 270 with 96.6 % right, dense networks at 390 with 96.6 %, new starts at 390 with 96.1 % (seed 0), in some ten minutes on two cores.',
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
