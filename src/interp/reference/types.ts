/** A network as plain tables: what the float64 twin reads. Matrices are row-major; everything is of one replica. */
import type { Sample } from '../samples';

export interface PlainSubject {
  /** Odd, at least 5. */
  readonly p: number;
  /** C, at least p; the first p classes are the answers. */
  readonly classes: number;
  /** [p, width], a row an operand. */
  readonly embedding: ArrayLike<number>;
  /** W_L [C, hidden], what each neuron adds to each logit. */
  readonly readout: ArrayLike<number>;
  /** W_in·E [hidden, p], what each operand adds to each neuron; null where attention lies between. */
  readonly input: ArrayLike<number> | null;
  /** [p², C], row a·p + b. */
  readonly logits: ArrayLike<number>;
  /** Behind the activation, [p², hidden]. */
  readonly neurons: ArrayLike<number>;
  /** From the last position to the first operand, [heads, p, p]; null without attention. */
  readonly attention: ArrayLike<number> | null;
  /** Rows a·p + b of either set. */
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
  /** Trained tensors by name. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  /** ∂logit_c/∂E_a and ∂logit_c/∂E_b at (a, b), of the vectors as two inputs even where a = b; null where there is no embedding. */
  readonly gradients: ((at: Sample) => readonly [ArrayLike<number>, ArrayLike<number>]) | null;
}

/** Length of the last axis of a table of so many rows. */
export function columnsOf(table: ArrayLike<number>, rows: number): number {
  return table.length / rows;
}
