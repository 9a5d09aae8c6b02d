/** Losses and accuracies of the network itself on its sets, from those of every pair; summed in float64. */
import type { ModularData, Split } from '../../data/modular';

export const LOSS_COLUMNS = [
  'train_loss',
  'test_loss',
  'all_loss',
  'train_accuracy',
  'test_accuracy',
  'all_accuracy',
] as const;

export type LossColumn = (typeof LOSS_COLUMNS)[number];

/** `losses` and `hits` [p²], row a·p + b. */
export function averagePairs(
  losses: ArrayLike<number>,
  hits: ArrayLike<number>,
  { train, test, modulus: p }: ModularData,
): Record<LossColumn, number> {
  const over = (values: ArrayLike<number>, { inputs, labels }: Split): number => {
    let sum = 0;
    for (let k = 0; k < labels.length; k++) sum += values[inputs[2 * k] * p + inputs[2 * k + 1]];
    return sum / labels.length;
  };
  const overAll = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let row = 0; row < values.length; row++) sum += values[row];
    return sum / values.length;
  };
  return {
    train_loss: over(losses, train),
    test_loss: over(losses, test),
    all_loss: overAll(losses),
    train_accuracy: over(hits, train),
    test_accuracy: over(hits, test),
    all_accuracy: overAll(hits),
  };
}

/** Σ w², in float64. */
export function sumOfSquares(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
