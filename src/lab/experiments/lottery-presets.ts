/** Named lottery runs. */
import type { Preset } from './types';

export const lotteryPresets: readonly Preset[] = [
  {
    name: 'lottery.digits',
    summary:
      'Iterative pruning of a 300–100 network on drawn digits: at a fifth of the weights the winning tickets stop earlier than the dense networks and beat new starts.',
    config: {
      schema: 1,
      experiment: 'lottery',
      data: { side: '14', train: 4000, validation: 1000, test: 2000 },
      optimizer: { kind: 'adam', lr: 0.0025, beta2: 0.999, weightDecay: 0 },
      steps: 600,
      rounds: 10,
      networks: 2,
    },
  },
];
