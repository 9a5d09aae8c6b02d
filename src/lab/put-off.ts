/**
 * Measures of the point where a session begins, put off while their kernels are compiled, so that the first steps need not wait.
 * The run goes back to the point once they are there, at the latest when measures are due again: what they find is what they would
 * have found, bit for bit.
 */
import type { Advance, Program, Snapshot } from '../graph/program';

export interface PutOff {
  /** What the measures find; null where the run has dropped them. */
  readonly found: Promise<Advance | null>;
  /** Measures at the point and returns to where the program is. Nothing else may use the program meanwhile. */
  catchUp(program: Program): Promise<void>;
  drop(): void;
}

export function putOff(point: Snapshot, evaluation: string): PutOff {
  let settle: (found: Advance | null) => void = () => undefined;
  const found = new Promise<Advance | null>((resolve) => (settle = resolve));
  return {
    found,
    async catchUp(program) {
      await program.pending?.(evaluation);
      const now = await program.save();
      program.restore(point);
      const measured = await program.advance(0, evaluation);
      program.restore(now);
      settle(measured);
    },
    drop: () => settle(null),
  };
}
