/** What a pass of cross-entropy is asked for, and where it puts it. */
import type { PassPart, Shape } from '../graph/types';
import { columnsOf, rowsOf, upToFour } from './rows';

export interface PassAttributes {
  readonly loss: boolean;
  readonly correct: boolean;
  /** A third input is the gradient of each row's loss, a scalar. */
  readonly gradient: boolean;
}

/** What lies where in the flat result: rows of the gradient, with room for padding, then losses, then corrects. */
interface Places {
  readonly rows: number;
  readonly columns: number;
  readonly loss: number;
  readonly correct: number;
  readonly size: number;
}

export function placesOf(logits: { readonly shape: Shape }, gradient: boolean): Places {
  const [rows, columns] = [rowsOf(logits), columnsOf(logits)];
  const loss = gradient ? rows * upToFour(columns) : 0;
  return { rows, columns, loss, correct: loss + rows, size: upToFour(loss + 2 * rows) };
}

export interface PartAttributes {
  readonly part: PassPart;
  readonly shape: Shape;
  /** The pass has a gradient. */
  readonly gradient: boolean;
}

export function startOf(part: PassPart, { loss, correct }: Places): number {
  if (part === 'gradient') return 0;
  return part === 'correct' ? correct : loss;
}
