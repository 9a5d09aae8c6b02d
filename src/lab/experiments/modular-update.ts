/** The optimiser that a configuration names. */
import { BadConfig } from '../../gpu/errors';
import type { Update } from '../../graph/update';
import { adamw } from '../../optim/adamw';
import { sgd } from '../../optim/sgd';
import { inside } from './inside';
import type { ModularConfig } from './modular-schema';

export function buildUpdate({
  optimizer,
  steps,
}: Pick<ModularConfig, 'optimizer' | 'steps'>): Update {
  const { kind, lr, beta1, beta2, epsilon, weightDecay, warmup, clip, momentum } = optimizer;
  return inside('optimizer', () => {
    if (optimizer.schedule !== 'constant' && steps <= warmup) {
      throw new BadConfig('warmup', {
        asked: `got ${warmup} of ${steps} steps`,
        limit: `a ${optimizer.schedule} schedule needs steps after the warm-up`,
        remedy: 'Shorten the warm-up or lengthen the run',
      });
    }
    const schedule = {
      kind: optimizer.schedule,
      warmup,
      ...(optimizer.schedule !== 'constant' && { steps }),
    };
    if (kind === 'sgd') return sgd({ lr, momentum, weightDecay, schedule, clip });
    const decay = kind === 'adam' ? { l2: weightDecay } : { weightDecay };
    return adamw({ lr, beta1, beta2, epsilon, ...decay, schedule, clip });
  });
}
