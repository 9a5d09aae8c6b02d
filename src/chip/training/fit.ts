/** Whether a training can run on the chip, and how. */
import { layOutParameters } from '../../graph/layout';
import type { ProgramSpec, Training } from '../../graph/program';
import type { UpdateOnChip } from '../../graph/update';
import type { Traits } from '../../plan/types';
import { chooseFit, type Chosen, type Demand, type Refused } from '../fit';
import type { OnChip } from './types';

/** A training that the kernels can take, with how they run it. */
export interface Fitted {
  readonly chosen: Chosen;
  readonly demand: Demand;
  readonly training: Training;
  readonly update: UpdateOnChip;
}

/** Pure: by size, update and adapter alone. `forced` is a variant, for tests and measurements. */
export function fitTraining(
  traits: Traits,
  { keys, training }: ProgramSpec,
  { target, batch, accuracy }: OnChip,
  forced?: 'lane' | 'team',
): Fitted | Refused {
  if (!training) return refuse('nothing is trained');
  const { update, loss, metrics } = training;
  if (!update.chip) return refuse(`${update.name} has no form on the chip`);
  const foreign = Object.entries(metrics).find(
    ([name, node]) => name !== accuracy && node !== loss,
  );
  if (foreign) return refuse(`'${foreign[0]}' is recorded at every step`);
  const demand: Demand = {
    target,
    layout: layOutParameters(loss.graph),
    ...(batch !== undefined && { drawn: batch }),
    replicas: keys.length,
    planes: 2 + update.state.length,
    method: update.name,
    noun: 'network',
  };
  const chosen = chooseFit(traits, demand, forced);
  return chosen.variant === null ? chosen : { chosen, demand, training, update: update.chip };
}

function refuse(reason: string): Refused {
  return { variant: null, reason: `${reason}: general path` };
}
