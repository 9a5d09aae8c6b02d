import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LARGEST_MODULUS, modularArithmetic, type ModularOptions } from '../../src/data/modular';
import { operationNames, operations } from '../../src/data/operations';
import { BadConfig } from '../../src/gpu/errors';

const base: ModularOptions = {
  modulus: 53,
  operation: 'add',
  fraction: 0.5,
  pairs: 'ordered',
  seed: 0,
};

/** Keys "a,b" of a split, in its order. */
function keys(inputs: Uint32Array): string[] {
  return Array.from(
    { length: inputs.length / 2 },
    (_, i) => `${inputs[2 * i]},${inputs[2 * i + 1]}`,
  );
}

function caught(change: Partial<ModularOptions>): BadConfig {
  try {
    modularArithmetic({ ...base, ...change });
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig);
    return error as BadConfig;
  }
  throw new Error('accepted');
}

describe('sizes of the papers', () => {
  test('p = 113 at 30 %: 3,830 of 12,769', () => {
    const { train, test } = modularArithmetic({ ...base, modulus: 113, fraction: 0.3 });
    expect([train.labels.length, test.labels.length]).toEqual([3830, 8939]);
    expect(train.inputs.length).toBe(2 * 3830);
  });

  test('p = 53, unordered, 50 %: 715 of 1,431', () => {
    const { train, test } = modularArithmetic({ ...base, pairs: 'unordered' });
    expect([train.labels.length, test.labels.length]).toEqual([715, 716]);
  });

  test('division leaves out b = 0: 97 · 96 pairs', () => {
    const data = modularArithmetic({ ...base, modulus: 97, operation: 'divide' });
    expect(data.train.labels.length + data.test.labels.length).toBe(97 * 96);
  });

  test('a product that floating point puts just below a whole number keeps its pair', () => {
    const { train } = modularArithmetic({ ...base, modulus: 10, fraction: 0.29 });
    expect(train.labels.length).toBe(29);
  });
});

describe('splits', () => {
  test('are disjoint, complete and rightly labelled for any setting', () => {
    const settings = fc.record({
      modulus: fc.constantFrom(2, 3, 5, 7, 11, 13, 17, 4, 9, 20),
      operation: fc.constantFrom(...operationNames.filter((name) => !name.startsWith('s5'))),
      fraction: fc.double({ min: 0.3, max: 0.7, noNaN: true }),
      pairs: fc.constantFrom('ordered' as const, 'unordered' as const),
      seed: fc.integer({ min: 0, max: 0xffffffff }),
    });
    fc.assert(
      fc.property(settings, (options) => {
        const operation = operations[options.operation];
        const prime = [2, 3, 5, 7, 11, 13, 17].includes(options.modulus);
        fc.pre(prime || !('field' in operation));
        fc.pre(options.pairs === 'ordered' || operation.commutative);
        fc.pre(options.modulus > 2);
        const { train, test } = modularArithmetic(options);
        const p = options.modulus;
        const expected: string[] = [];
        for (let a = 0; a < p; a++) {
          for (let b = options.pairs === 'unordered' ? a : 0; b < p; b++) {
            if (options.operation !== 'divide' || b > 0) expected.push(`${a},${b}`);
          }
        }
        expect([...keys(train.inputs), ...keys(test.inputs)].sort()).toEqual(expected.sort());
        for (const { inputs, labels } of [train, test]) {
          labels.forEach((label, i) => {
            expect(label).toBe(operation.compute(inputs[2 * i], inputs[2 * i + 1], p));
            expect(label).toBeLessThan(p);
          });
        }
      }),
    );
  });

  test('repeat for a seed, differ between seeds', () => {
    expect(modularArithmetic(base)).toEqual(modularArithmetic(base));
    const first = new Set(keys(modularArithmetic(base).train.inputs));
    const second = keys(modularArithmetic({ ...base, seed: 1 }).train.inputs);
    const shared = second.filter((key) => first.has(key)).length / second.length;
    // Independent halves share half of their pairs: 0.5 ± 4 · 0.5/√1404 · …
    expect(Math.abs(shared - 0.5)).toBeLessThan(0.06);
  });

  test('every operand turns up in training about equally often', () => {
    const { inputs } = modularArithmetic({ ...base, modulus: 113, fraction: 0.3 }).train;
    const counts = new Uint32Array(113);
    for (const token of inputs) counts[token]++;
    expect(Math.min(...counts)).toBeGreaterThan(40);
    expect(Math.max(...counts)).toBeLessThan(100);
  });

  test('S5 has 120 tokens and classes', () => {
    const data = modularArithmetic({ ...base, modulus: 120, operation: 's5' });
    expect([data.classes, data.tokens]).toEqual([120, 120]);
    expect(data.train.labels.length).toBe(7200);
  });
});

describe('what is refused, and the field it names', () => {
  test.each([
    ['modulus', { modulus: 1 }],
    ['modulus', { modulus: 2.5 }],
    ['modulus', { modulus: Number.NaN }],
    ['modulus', { modulus: LARGEST_MODULUS + 1 }],
    ['modulus', { modulus: 12, operation: 'divide' as const }],
    ['modulus', { modulus: 15, operation: 'parity-branch' as const }],
    ['modulus', { modulus: 113, operation: 's5' as const }],
    ['operation', { operation: 'toString' as never }],
    ['operation', { operation: '__proto__' as never }],
    ['pairs', { pairs: 'unordered' as const, operation: 'subtract' as const }],
    ['pairs', { pairs: 'some' as never }],
    ['fraction', { fraction: 0 }],
    ['fraction', { fraction: 1 }],
    ['fraction', { fraction: 1e-6 }],
    ['fraction', { fraction: 1 - 1e-13 }],
    ['fraction', { fraction: Number.NaN }],
    ['seed', { seed: -1 }],
  ])('%s: %j', (path, change) => {
    const error = caught(change);
    expect(error.path).toBe(path);
    expect(error.message).not.toContain('\n');
    expect(error.message.startsWith(`${path}: `)).toBe(true);
  });

  test('the largest modulus itself is fine', () => {
    const data = modularArithmetic({ ...base, modulus: LARGEST_MODULUS, pairs: 'unordered' });
    expect(data.train.labels.length).toBe((LARGEST_MODULUS * (LARGEST_MODULUS + 1)) / 4);
  });
});
