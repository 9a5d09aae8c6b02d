/**
 * On-chip training: hundreds of steps inside one dispatch, weights and moments of each replica on the chip. It is another way to run the
 * training of a `ProgramSpec`: same updates, same random numbers, same snapshots, losses that differ by float32 rounding.
 */
import type { TrainTarget } from '../types';

/** A traced training as the kernels have it. */
export interface OnChip {
  /** The same function of the same parameters, in the order of the layout, as the traced loss. */
  readonly target: TrainTarget;
  /**
   * Rows of the network's samples drawn anew at each step, as the first `randomIntegers(graph, [batch], samples, streams.batch)` of the
   * graph draws them; all samples unless given.
   */
  readonly batch?: number;
  /** Which of the training's metrics is the share of right answers; all others must be the loss. */
  readonly accuracy?: string;
}

export type PathChoice = 'auto' | 'on-chip' | 'general';
