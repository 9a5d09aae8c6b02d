/** A claim of a paper, and how it is tried here. */
import type { RunRecord } from '../../src/lab/record';

export interface Claim {
  /** `topic/name`; the command's filter is looked for in it. */
  readonly name: string;
  /** What is claimed, in one sentence. */
  readonly claim: string;
  readonly source: string;
  /** The figure it gives. */
  readonly theirs: string;
  /** `paper`: of a size for a GPU; tried on a software adapter only when `--size paper` asks for it. `quick` unless given. */
  readonly size?: 'quick' | 'paper';
  /** Configurations, run one after the other. */
  readonly runs: readonly object[];
  /** Our figure and whether it bears the claim out. */
  judge(records: readonly RunRecord[]): { readonly ours: string; readonly holds: boolean };
}

export interface ClaimResult {
  readonly name: string;
  readonly claim: string;
  readonly source: string;
  readonly theirs: string;
  readonly ours: string;
  readonly holds: boolean;
  /** The nearest preset and what was changed there. */
  readonly configuration: string;
  /** Where it was obtained. */
  readonly adapter: string;
  readonly seeds: readonly number[];
  readonly seconds: number;
  readonly command: string;
}
