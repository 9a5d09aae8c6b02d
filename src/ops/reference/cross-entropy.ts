/** Cross-entropy, its gradient and corrects in float64, and what a pass makes of all three. */
import { BadConfig } from '../../gpu/errors';
import { sizeOf } from '../../graph/shape';
import type { Reference, Tensor } from '../../graph/types';
import {
  placesOf,
  startOf,
  type PartAttributes,
  type PassAttributes,
} from '../cross-entropy-places';

export const crossEntropy: Reference<unknown> = ([logits, labels]) =>
  eachRow('cross-entropy', logits, labels, (row, label) => {
    const { shift, wrong } = masses(row, label);
    return shift + Math.log1p(wrong + Math.expm1(-shift));
  });

export const crossEntropyGradient: Reference<unknown> = ([logits, labels, gradient]) => {
  const result = new Float64Array(logits.data.length);
  eachRow('cross-entropy gradient', logits, labels, (row, label, index) => {
    const { shift, wrong } = masses(row, label);
    const factor = gradient.data[index] / (wrong + Math.exp(-shift));
    row.forEach((logit, j) => {
      const share = j === label ? -wrong : Math.exp(logit - row[label] - shift);
      result[index * row.length + j] = factor * share;
    });
    return 0;
  });
  return result;
};

export const correct: Reference<unknown> = ([logits, labels]) =>
  eachRow('correct', logits, labels, (row, label) =>
    Number(
      Number.isFinite(row[label]) && row.every((logit, j) => j === label || logit < row[label]),
    ),
  );

export const crossEntropyPass: Reference<PassAttributes> = (
  [logits, labels, share],
  { gradient },
  result,
  moment,
) => {
  const places = placesOf(logits, gradient);
  const all = new Float64Array(places.size);
  all.set(crossEntropy([logits, labels], null, result, moment), places.loss);
  all.set(correct([logits, labels], null, result, moment), places.correct);
  if (gradient) {
    const data = new Float64Array(places.rows).fill(share.data[0]);
    const shares = { shape: labels.shape, data };
    all.set(crossEntropyGradient([logits, labels, shares], null, result, moment));
  }
  return all;
};

export const crossEntropyPart: Reference<PartAttributes> = (
  [flat, logits],
  { part, shape, gradient },
) => {
  const start = startOf(part, placesOf(logits, gradient));
  return flat.data.slice(start, start + sizeOf(shape));
};

/** shift = max(0, max_{j≠y} (l_j − l_y)), wrong = Σ_{j≠y} exp(l_j − l_y − shift); NaN where the label's logit is infinite, as a log softmax is. */
function masses(row: Float64Array, label: number): { shift: number; wrong: number } {
  const right = row[label];
  let shift = Number.isFinite(right) ? 0 : NaN;
  row.forEach((logit, j) => {
    if (j !== label) shift = Math.max(shift, logit - right);
  });
  let wrong = 0;
  row.forEach((logit, j) => {
    if (j !== label) wrong += Math.exp(logit - right - shift);
  });
  return { shift, wrong };
}

function eachRow(
  op: string,
  logits: Tensor,
  labels: Tensor,
  work: (row: Float64Array, label: number, index: number) => number,
): Float64Array {
  const columns = logits.shape[logits.shape.length - 1];
  return labels.data.map((label, index) => {
    if (!(label < columns)) {
      throw new BadConfig(
        'labels',
        `${op}: row ${index} has label ${label}; logits know 0 to ${columns - 1}`,
      );
    }
    return work(logits.data.subarray(index * columns, (index + 1) * columns), label, index);
  });
}
