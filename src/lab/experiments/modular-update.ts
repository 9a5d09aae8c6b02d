/** The optimiser that a configuration names. */
import { sgd } from '../../optim/sgd';
import { inside } from './inside';
import { buildAdam, scheduleOf, type UpdateBuilder } from './modular-adam';

export const buildUpdate: UpdateBuilder = (config) => {
  const { kind, lr, momentum, weightDecay, clip } = config.optimizer;
  if (kind !== 'sgd') return buildAdam(config);
  return inside('optimizer', () =>
    sgd({ lr, momentum, weightDecay, schedule: scheduleOf(config), clip }),
  );
};
