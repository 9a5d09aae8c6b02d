/**
 * Adam's bias corrections 1 / (1 − β₁ᵗ) and 1 / √(1 − β₂ᵗ) as tables made in float64, never with the device's `pow`
 * (DESIGN §5). A table ends where both are 1 in float32; the kernel clamps its index.
 */
import { BadConfig } from '../gpu/errors';
import type { Hyper } from './options';
import { hyperValues } from './options';

export interface Corrections {
  /** [pairs, length, 2]: for each distinct (β₁, β₂), at t = 1, 2, …: first and second correction. */
  readonly table: Float32Array;
  readonly length: number;
  /** Which of the pairs each replica uses. */
  readonly pair: Hyper;
}

/** 64 MiB of table. */
const LARGEST = 2 ** 24;

export function biasCorrections(beta1: Hyper, beta2: Hyper): Corrections {
  const replicas = Math.max(hyperValues(beta1).length, hyperValues(beta2).length);
  const of = (hyper: Hyper, replica: number): number =>
    Math.fround(typeof hyper === 'number' ? hyper : hyper[replica]!);
  const pairs: (readonly [number, number])[] = [];
  const pair = Array.from({ length: replicas }, (_, replica) => {
    const mine = [of(beta1, replica), of(beta2, replica)] as const;
    const known = pairs.findIndex(([first, second]) => first === mine[0] && second === mine[1]);
    return known >= 0 ? known : pairs.push(mine) - 1;
  });
  const length = Math.max(...pairs.flat().map(stepsToConverge));
  if (pairs.length * length * 2 > LARGEST) {
    throw new BadConfig('beta2', {
      asked: `${pairs.length} pair(s) of betas up to ${Math.max(...pairs.flat())}`,
      limit: `their bias corrections would take ${pairs.length * length * 2} numbers, of at most ${LARGEST}`,
      remedy: 'Use a smaller beta or fewer distinct ones',
    });
  }
  const table = new Float32Array(pairs.length * length * 2);
  pairs.forEach(([first, second], row) => {
    for (let t = 1; t <= length; t++) {
      const at = (row * length + t - 1) * 2;
      table[at] = 1 / (1 - first ** t);
      table[at + 1] = 1 / Math.sqrt(1 - second ** t);
    }
  });
  return { table, length, pair: pairs.length === 1 ? 0 : pair };
}

/** Least t from which 1 − βᵗ and its inverse round to 1 in float32: βᵗ < 2⁻²⁵. */
function stepsToConverge(beta: number): number {
  if (beta === 0) return 1;
  // A beta just below 1 may be 1 in float32, and then never converges.
  return beta === 1 ? Infinity : Math.ceil((-25 * Math.LN2) / Math.log(beta)) + 1;
}
