/** `results` of a tickets run. */
import type { Method, Start } from '../../prune/types';

export interface TicketsResults {
  readonly base: NetworkResult;
  readonly variants: readonly VariantResult[];
}

export interface NetworkResult {
  readonly name: string;
  /** First evaluated step at which test accuracy reached the share; null where it did not. */
  readonly steps: {
    readonly '50': number | null;
    readonly '95': number | null;
    readonly '99': number | null;
  };
  /** Last measured; null before the first row. */
  readonly testAccuracy: number | null;
  readonly trainAccuracy: number | null;
  readonly testLoss: number | null;
  /** Steps taken so far. */
  readonly taken: number;
  /** Shannon entropy of the spectra of W_in·E and of W_L, and the Grokking Tickets code's, by evaluated step; empty with attention. */
  readonly entropy: {
    readonly steps: readonly number[];
    readonly in: readonly number[];
    readonly inCode: readonly number[];
    readonly out: readonly number[];
    readonly outCode: readonly number[];
  };
  readonly llc: unknown;
}

export interface VariantResult extends NetworkResult {
  readonly method: Method;
  readonly start: Start;
  readonly pruned: number;
  readonly sourceStep: number | null;
  readonly rewindStep: number;
  readonly weightDecay: number;
  /** Share of weights kept, in all and by tensor; null until the mask is drawn. */
  readonly density: {
    readonly all: number;
    readonly tensors: Readonly<Record<string, number>>;
  } | null;
  /** Base's steps to 95 % over this network's; null where either did not get there. */
  readonly speedUp: number | null;
  /** Factor on the start of a scaled dense network. */
  readonly scale: number | null;
}
