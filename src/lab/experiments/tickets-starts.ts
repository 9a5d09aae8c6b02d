/** What a ticket starts from: the base's weights at a step, new ones, or the base's scaled to the norm of a ticket. */
import type { ParameterLayout } from '../../graph/layout';
import { reinitialise, scaleToNorm } from '../../prune/rewind';
import type { Ticket } from './tickets-plan';
import type { Checkpoint, StageOutcome } from './types';

/** Lane of the Philox key that new weights are drawn with; the base's are drawn with lane 0. */
const NEW_LANE = 1;

/** Weights of the base at a step. Throws where that step was not kept, which the plan sees to. */
export function weightsAt(base: StageOutcome, step: number, replica = 0): Float32Array {
  const found = base.checkpoints.find((one) => one.step === step);
  if (!found) throw new Error(`the base kept no weights at step ${step}`);
  return ofReplica(found, base.layout, replica);
}

/** Weights of a network at the end of its stage. */
export function lastWeights({ checkpoints, layout }: StageOutcome, replica: number): Float32Array {
  return ofReplica(checkpoints[checkpoints.length - 1], layout, replica);
}

function ofReplica(
  { parameters }: Checkpoint,
  { stride }: ParameterLayout,
  replica: number,
): Float32Array {
  return parameters.subarray(replica * stride, (replica + 1) * stride);
}

export interface Start {
  readonly values: Float32Array;
  /** Factor on all weights of a scaled network. */
  readonly scale: number | null;
  /** Is the mask kept in training? */
  readonly masked: boolean;
}

/** `mask` is null for a network left whole. */
export function startOf(
  ticket: Ticket,
  base: StageOutcome,
  mask: Float32Array | null,
  seed: number,
): Start {
  const rewound = weightsAt(base, ticket.rewindStep);
  switch (ticket.start) {
    case 'rewind':
      return { values: rewound, scale: null, masked: mask !== null };
    case 'reinitialise':
      return {
        values: reinitialise(base.layout, [seed, NEW_LANE]),
        scale: null,
        masked: mask !== null,
      };
    case 'scaled-l1':
    case 'scaled-l2': {
      const power = ticket.start === 'scaled-l1' ? 1 : 2;
      const { parameters, ratio } = scaleToNorm(rewound, mask!, base.layout, power);
      return { values: parameters, scale: ratio, masked: false };
    }
  }
}
