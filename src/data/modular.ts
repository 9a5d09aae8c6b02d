/** Tables of a binary operation, split into training and test pairs: the data of the grokking experiments. */
import { BadConfig } from '../gpu/errors';
import { createRandom } from '../random/random';
import { streams } from '../random/streams';
import {
  S5_ORDER,
  isPrime,
  operationNames,
  operations,
  type Operation,
  type OperationName,
} from './operations';

/** A million pairs, 12 MB; the papers stop at p = 113, S₅ at 120. */
export const LARGEST_MODULUS = 1024;

export interface ModularOptions {
  readonly modulus: number;
  readonly operation: OperationName;
  /** Share of all pairs that is trained on, strictly between 0 and 1. */
  readonly fraction: number;
  /** `unordered` keeps one of (a, b) and (b, a), the one with a ≤ b; commutative operations only. */
  readonly pairs: 'ordered' | 'unordered';
  readonly seed: number;
}

export interface Split {
  /** N × 2, row-major: operands a, b. */
  readonly inputs: Uint32Array;
  /** N results. */
  readonly labels: Uint32Array;
}

export interface ModularData {
  readonly train: Split;
  readonly test: Split;
  readonly modulus: number;
  readonly operation: OperationName;
  /** Number of possible results. */
  readonly classes: number;
  /** Number of operand tokens, 0 … tokens − 1; a network that reads "a b =" gives "=" the id `tokens`. */
  readonly tokens: number;
}

/**
 * The training set has ⌊fraction · N⌋ pairs: 3,830 of 12,769 for p = 113 at 30 %, 715 of 1,431 for the unordered
 * pairs of p = 53 at 50 %, as in the papers. Which pairs is a shuffle keyed by `seed` alone. Throws BadConfig
 * naming the field.
 */
export function modularArithmetic(options: ModularOptions): ModularData {
  const { modulus, operation: name, fraction, pairs, seed } = options;
  const operation = requireOperation(options);
  const all = listPairs(modulus, operation, pairs === 'unordered');
  const count = all.length / 2;
  // The tiny term keeps products such as 0.29 · 100 = 28.999999999999996 from losing a pair.
  const trained = Math.floor(fraction * count + 1e-9);
  if (!(fraction > 0 && fraction < 1) || trained === 0 || trained === count) {
    throw new BadConfig('fraction', {
      asked: `${fraction} of ${count} pairs leaves ${trained === 0 ? 'no training' : 'no test'} set`,
      limit: 'both sets need at least one pair',
      remedy: `Choose a fraction from ${1 / count} to ${(count - 1) / count}`,
    });
  }
  const order = createRandom(seed, 0, streams.data).shuffle(count);
  return {
    train: select(all, order.subarray(0, trained), operation, modulus),
    test: select(all, order.subarray(trained), operation, modulus),
    modulus,
    operation: name,
    classes: modulus,
    tokens: modulus,
  };
}

function requireOperation({ modulus, operation: name, pairs }: ModularOptions): Operation {
  if (!Object.hasOwn(operations, name)) {
    throw new BadConfig('operation', {
      asked: `no operation "${name}"`,
      limit: `known are ${operationNames.join(', ')}`,
    });
  }
  const operation: Operation = operations[name];
  if (!Number.isInteger(modulus) || modulus < 2 || modulus > LARGEST_MODULUS) {
    throw new BadConfig('modulus', {
      asked: `got ${modulus}`,
      limit: `must be a whole number from 2 to ${LARGEST_MODULUS}, as the table has modulus² pairs`,
      remedy: 'The papers use 53 to 113',
    });
  }
  if (operation.permutations && modulus !== S5_ORDER) {
    throw new BadConfig('modulus', {
      asked: `got ${modulus} for ${name}`,
      limit: `the group S5 has ${S5_ORDER} elements`,
      remedy: `Set modulus to ${S5_ORDER}`,
    });
  }
  if (operation.field && !isPrime(modulus)) {
    throw new BadConfig('modulus', {
      asked: `got ${modulus} for ${name}`,
      limit: 'division needs a prime',
      remedy: 'Choose a prime such as 53, 59, 67, 97 or 113',
    });
  }
  if (pairs !== 'ordered' && pairs !== 'unordered') {
    throw new BadConfig('pairs', {
      asked: `got ${String(pairs)}`,
      limit: 'must be ordered or unordered',
    });
  }
  if (pairs === 'unordered' && !operation.commutative) {
    throw new BadConfig('pairs', {
      asked: `unordered for ${name}`,
      limit: 'only commutative operations may leave out (b, a)',
      remedy: 'Set pairs to ordered',
    });
  }
  return operation;
}

/** All pairs in lexicographic order, N × 2. */
function listPairs(modulus: number, operation: Operation, unordered: boolean): Uint32Array {
  const flat: number[] = [];
  for (let a = 0; a < modulus; a++) {
    for (let b = unordered ? a : 0; b < modulus; b++) {
      if (!(operation.skipsZero && b === 0)) flat.push(a, b);
    }
  }
  return Uint32Array.from(flat);
}

function select(
  all: Uint32Array,
  chosen: Uint32Array,
  operation: Operation,
  modulus: number,
): Split {
  const inputs = new Uint32Array(chosen.length * 2);
  const labels = new Uint32Array(chosen.length);
  chosen.forEach((pair, row) => {
    const a = all[2 * pair];
    const b = all[2 * pair + 1];
    inputs[2 * row] = a;
    inputs[2 * row + 1] = b;
    labels[row] = operation.compute(a, b, modulus);
  });
  return { inputs, labels };
}
