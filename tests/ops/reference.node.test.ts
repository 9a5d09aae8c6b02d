/** What stands apart from the ops must not be forgotten: every op has a float64 reference, and none is left of an op that is gone. */
import { expect, it } from 'vitest';
import { createGraph } from '../../src/graph/node';
import { openProgram } from '../../src/graph/open-program';
import { interpret } from '../../src/graph/reference';
import type { Op } from '../../src/graph/types';
import { attention } from '../../src/ops/attention';
import { REFERENCES } from '../../src/ops/reference';
import { findReference } from '../../src/ops/reference/common';
import { sum } from '../../src/ops/reduce';
import { dataOp, parameter, parameterOp } from '../../src/ops/source';
import { sgd } from '../../src/optim/sgd';

const isOp = (value: unknown): value is Op =>
  typeof value === 'object' && value !== null && 'infer' in value && 'lower' in value;

const modules = import.meta.glob<Record<string, unknown>>('../../src/ops/**/*.ts', { eager: true });
const ops = [...new Set(Object.values(modules).flatMap((one) => Object.values(one).filter(isOp)))];

it.each(ops.map((op) => [op.name, op] as const))('%s', (name, op) => {
  if (op === (parameterOp as Op) || op === (dataOp as Op)) {
    expect(findReference(op, REFERENCES)).toBeNull();
    return;
  }
  expect(findReference(op, REFERENCES)).toBeTypeOf('function');
  // One or the other: a function of single numbers, or an entry by name.
  expect(name in REFERENCES).toBe(op.scalar === undefined);
});

it('has no name twice and no entry without an op', () => {
  const names = ops.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(REFERENCES).filter((name) => !names.includes(name))).toEqual([]);
});

it('opens a program with the references that it needs', async () => {
  const graph = createGraph();
  const init = { kind: 'normal', std: 1 } as const;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => parameter(graph, name, [1, 3, 1, 4], init));
  const loss = sum(attention(q, k, v, { causal: true }));
  const spec = {
    keys: [[1, 0]] as const,
    data: {},
    training: { loss, metrics: { loss }, update: sgd({ lr: 0.1 }) },
  };
  const opened = await openProgram(null, spec);
  const { rows } = await opened.advance(3);
  expect(rows).toEqual((await interpret(spec).advance(3)).rows);
  expect(new Set(rows).size).toBe(3);
});
