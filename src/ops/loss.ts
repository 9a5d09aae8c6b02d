/** Losses made of other ops. */
import { ShapeMismatch } from '../gpu/errors';
import { broadcastShapes, formatShape, sameShape, sizeOf } from '../graph/shape';
import type { Node } from '../graph/types';
import { multiply, scale, square, subtract } from './elementwise';
import { sum } from './reduce';

/**
 * Σ weights ⊙ (prediction − target)² / count, a scalar; count is the number of elements of the prediction. Target and
 * weights have the prediction's shape or broadcast to it. Throws `ShapeMismatch` when they don't: a target larger than the
 * prediction is a mistake more often than not.
 */
export function meanSquaredError(prediction: Node, target: Node, weights?: Node): Node {
  for (const other of weights ? [target, weights] : [target]) {
    const shape = broadcastShapes('mean squared error', prediction.shape, other.shape);
    if (!sameShape(shape, prediction.shape)) {
      throw new ShapeMismatch(
        `mean squared error: ${formatShape(other.shape)} does not broadcast to the prediction ${formatShape(prediction.shape)}`,
      );
    }
  }
  const squares = square(subtract(prediction, target));
  const weighted = weights ? multiply(squares, weights) : squares;
  return scale(sum(weighted), 1 / sizeOf(prediction.shape));
}
