/** The override sets each shader is used with, and inputs for the race check. Names as in `Shader.name`. */

export type OverrideSet = Readonly<Record<string, number>>;

/** Besides its defaults, each shader is compiled with these. One with required overrides needs a row. */
export const OVERRIDES: Readonly<Record<string, readonly OverrideSet[]>> = {};

/** Inputs with which a kernel that shares workgroup memory exercises its barriers. */
export interface RaceCase {
  readonly overrides?: OverrideSet;
  /** Fields of `Params`; those not named get 5 (integers: odd sizes) or 0.5 (floats). */
  readonly params?: Readonly<Record<string, number | readonly number[]>>;
  /** 32-bit words in every storage buffer; default 1,024. */
  readonly words?: number;
  /** Contents of named integer buffers; others hold 0, 1, 2 in turn (floats: fractions). */
  readonly buffers?: Readonly<Record<string, readonly number[]>>;
  readonly workgroups?: readonly [number, number, number];
}

export const RACE_CASES: Readonly<Record<string, RaceCase>> = {};
