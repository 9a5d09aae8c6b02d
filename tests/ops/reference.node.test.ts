/** What stands apart from the ops must not be forgotten: every op has a float64 reference, and none is left of an op that is gone. */
import { expect, it } from 'vitest';
import type { Op } from '../../src/graph/types';
import { REFERENCES, referenceOf } from '../../src/ops/reference';
import { dataOp, parameterOp } from '../../src/ops/source';

const isOp = (value: unknown): value is Op =>
  typeof value === 'object' && value !== null && 'infer' in value && 'lower' in value;

const modules = import.meta.glob<Record<string, unknown>>('../../src/ops/**/*.ts', { eager: true });
const ops = [...new Set(Object.values(modules).flatMap((one) => Object.values(one).filter(isOp)))];

it.each(ops.map((op) => [op.name, op] as const))('%s', (name, op) => {
  if (op === (parameterOp as Op) || op === (dataOp as Op)) {
    expect(() => referenceOf(op)).toThrow(name);
    return;
  }
  expect(referenceOf(op)).toBeTypeOf('function');
  // One or the other: a function of single numbers, or an entry by name.
  expect(name in REFERENCES).toBe(op.scalar === undefined);
});

it('has no name twice and no entry without an op', () => {
  const names = ops.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(REFERENCES).filter((name) => !names.includes(name))).toEqual([]);
});
