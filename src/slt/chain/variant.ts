/** Whether a chain's state fits on the chip under its method, and who runs it there. */
import { chooseFit, type Chosen, type Refused } from '../../chip/fit';
import type { Traits } from '../../plan/types';
import { keptBy } from './method';
import type { ChainSpec } from './types';

/** Pure: by size, method and adapter alone. `variant` forces one, for tests and measurements. */
export function chooseVariant(
  traits: Traits,
  { target, layout, keys, sampler }: ChainSpec,
  forced?: 'lane' | 'team',
): Chosen | Refused {
  const planes = 2 + keptBy(sampler).planes.length;
  const replicas = keys.length;
  const demand = { target, layout, replicas, planes, method: sampler.method } as const;
  return chooseFit(traits, { ...demand, noun: 'chain' }, forced);
}
