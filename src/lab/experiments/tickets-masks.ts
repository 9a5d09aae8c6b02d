/** The masks of tickets: which weights of the base a ticket's method looks at, and what it makes of them. */
import type { ParameterLayout } from '../../graph/layout';
import { drawMask, type DrawnMask } from '../../prune/draw-mask';
import { shareAfter } from '../../prune/rounds';
import type { Probe } from '../../prune/types';
import { AT_START, type Ticket } from './tickets-plan';

export interface MaskSource {
  readonly layout: ParameterLayout;
  /** Weights of the base at a step. */
  weightsAt(step: number): Float32Array;
  /** Of iterative tickets: the mask and the last weights of the round before, null where there is none. */
  before: { readonly mask: Float32Array; readonly weights: Float32Array } | null;
  probe(): Promise<Probe>;
  readonly seed: number;
}

/** Null for a network that is neither pruned nor scaled. `round` counts from 1 and is the last unless given. */
export async function drawTicketMask(
  { method, pruned, sourceStep, rewindStep, rounds }: Ticket,
  { layout, weightsAt, before, probe, seed }: MaskSource,
  round = rounds,
): Promise<DrawnMask | null> {
  if (pruned === 0) return null;
  const source = weightsAt(AT_START.includes(method) ? rewindStep : sourceStep!);
  if (method === 'iterative') {
    return drawMask({
      method,
      layout,
      parameters: before?.weights ?? source,
      pruned: shareAfter(pruned, round, rounds),
      ...(before && { within: before.mask }),
    });
  }
  return drawMask({
    // A dense network takes the norm of the ticket by magnitude.
    method: method === 'dense' ? 'magnitude' : method,
    layout,
    parameters: source,
    pruned,
    probe,
    seed,
  });
}
