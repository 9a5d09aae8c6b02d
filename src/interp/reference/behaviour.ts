/** Measures of what attention, logits and gradients do over the pairs. */
import { drawSamples } from '../samples';
import type { MeasureValues } from '../types';
import { along, columnVariations, frequenciesOf, productWave } from './fourier';
import { deviationOf, meanOf, ratio } from './ratio';
import { columnsOf, type PlainSubject } from './types';

export function measureBehaviour(subject: PlainSubject, seed: number): MeasureValues {
  const { p, attention, gradients } = subject;
  const spectrum = attention && attentionSpectrum(attention, p);
  const heads = attention ? columnsOf(attention, p * p) : 0;
  const best = Array.from({ length: heads }, (_, head) => {
    const own = frequenciesOf(p).length;
    return Math.max(...spectrum!.subarray(head * own, (head + 1) * own));
  });
  return {
    scalars: {
      ...(attention && { attention_periodicity: meanOf(best) }),
      ...(gradients && { gradient_symmetricity: symmetricity(gradients, p, seed) }),
      distance_irrelevance: distanceIrrelevance(subject),
    },
    views: spectrum ? { attention_spectrum: spectrum } : {},
  };
}

/** [heads, K], shares of the variance of the map [p, p] that cos and sin of w_k·a and of w_k·b explain. */
function attentionSpectrum(attention: ArrayLike<number>, p: number): Float64Array {
  const heads = columnsOf(attention, p * p);
  return Float64Array.from(
    Array.from({ length: heads }, (_, head) => {
      const map = Float64Array.from({ length: p * p }, (_, row) => attention[head * p * p + row]);
      const [total] = columnVariations(map, 1);
      return frequenciesOf(p).map((k) => {
        const linear = [2 * k - 1, 2 * k].flatMap((wave) => [
          productWave(p, wave, 0),
          productWave(p, 0, wave),
        ]);
        const explained = linear.reduce((sum, wave) => sum + along(wave, map, 1)[0] ** 2, 0);
        return ratio(explained, total);
      });
    }).flat(),
  );
}

function symmetricity(
  gradients: NonNullable<PlainSubject['gradients']>,
  p: number,
  seed: number,
): number {
  return meanOf(
    drawSamples(p, seed).map((at) => {
      const [first, second] = gradients(at);
      let [product, firsts, seconds] = [0, 0, 0];
      for (let i = 0; i < first.length; i++) {
        product += first[i] * second[i];
        firsts += first[i] ** 2;
        seconds += second[i] ** 2;
      }
      return ratio(product, Math.sqrt(firsts) * Math.sqrt(seconds));
    }),
  );
}

/** Right logits by (a + b, a − b): mean over differences of the deviation over sums, over the deviation of all. */
function distanceIrrelevance({ p, classes, logits }: PlainSubject): number {
  const right: number[][] = Array.from({ length: p }, () => []);
  for (let a = 0; a < p; a++)
    for (let b = 0; b < p; b++)
      right[(a - b + p) % p].push(logits[(a * p + b) * classes + ((a + b) % p)]);
  return ratio(meanOf(right.map(deviationOf)), deviationOf(right.flat()));
}
