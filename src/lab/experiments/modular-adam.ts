/** Adam and AdamW as a configuration names them: all that a run with one of these has to load. */
import { BadConfig } from '../../gpu/errors';
import type { Update } from '../../graph/update';
import { adamw } from '../../optim/adamw';
import type { Schedule } from '../../optim/schedule';
import { inside } from './inside';
import type { ModularConfig } from './modular-schema';

type Named = Pick<ModularConfig, 'optimizer' | 'steps'>;
/** Makes the optimiser that a configuration names. Throws BadConfig naming the field. */
export type UpdateBuilder = (config: Named) => Update;

export const buildAdam: UpdateBuilder = (config) => {
  const { kind, lr, beta1, beta2, epsilon, weightDecay, clip } = config.optimizer;
  if (kind === 'sgd') throw new Error(`no ${kind} is loaded`);
  const decay = kind === 'adam' ? { l2: weightDecay } : { weightDecay };
  return inside('optimizer', () =>
    adamw({ lr, beta1, beta2, epsilon, ...decay, schedule: scheduleOf(config), clip }),
  );
};

export function scheduleOf({ optimizer: { schedule: kind, warmup }, steps }: Named): Schedule {
  if (kind === 'constant') return { kind, warmup };
  if (steps > warmup) return { kind, warmup, steps };
  throw new BadConfig('warmup', {
    asked: `got ${warmup} of ${steps} steps`,
    limit: `a ${kind} schedule needs steps after the warm-up`,
    remedy: 'Shorten the warm-up or lengthen the run',
  });
}
