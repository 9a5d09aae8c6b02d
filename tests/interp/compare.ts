/** Traced measures against the twin: the same names, and every number within its bound. */
import { expect } from 'vitest';
import { interpret } from '../../src/graph/reference';
import type { Program, ProgramSpec } from '../../src/graph/program';
import { sizeOf } from '../../src/graph/shape';
import type { Measures, MeasureValues } from '../../src/interp/types';

/** Largest |found − expected| allowed at a number, where the largest of its view is `largest`. */
export type Bound = (name: string, expected: number, largest: number) => number;

/** 1e-9 relative; what is a difference of larger numbers, relative to those. */
export const float64: Bound = (_, expected, largest) => 1e-9 * Math.abs(expected) + 1e-12 * largest;

/** Evaluates the measures with the program, and finishes them for each replica. */
export async function measureWith(program: Program, measures: Measures): Promise<MeasureValues[]> {
  const { outputs } = await program.advance(0, 'measures');
  return Array.from({ length: program.replicas }, (_, r) =>
    measures.finish(
      Object.fromEntries(
        Object.entries(measures.nodes).map(([name, node]) => {
          const size = sizeOf(node.shape);
          const from = node.replicated ? r * size : 0;
          return [name, outputs![name].subarray(from, from + size)];
        }),
      ),
    ),
  );
}

/** The same of a graph that has nothing to train, in float64. */
export async function evaluateMeasures(
  measures: Measures,
  data: ProgramSpec['data'] = {},
): Promise<MeasureValues> {
  const evaluations = { measures: measures.nodes };
  const [values] = await measureWith(interpret({ keys: [[0, 0]], data, evaluations }), measures);
  return values;
}

/** `skip` names what has no defined value in a subject, a ratio of rounding errors. */
export function expectSame(
  measures: Pick<Measures, 'columns' | 'views'>,
  found: MeasureValues,
  expected: MeasureValues,
  { bound = float64, skip = [] }: { bound?: Bound; skip?: readonly string[] } = {},
): void {
  expect(Object.keys(found.scalars).sort()).toEqual(Object.keys(expected.scalars).sort());
  expect([...measures.columns].sort()).toEqual(Object.keys(expected.scalars).sort());
  expect(Object.keys(found.views).sort()).toEqual(Object.keys(expected.views).sort());
  const worst: string[] = [];
  const compare = (name: string, actual: number, wanted: number, largest: number): void => {
    const error = Math.abs(actual - wanted);
    if (!(error <= bound(name, wanted, largest))) worst.push(`${name}: ${actual}, not ${wanted}`);
  };
  for (const [name, wanted] of Object.entries(expected.scalars)) {
    if (!skip.includes(name)) compare(name, found.scalars[name], wanted, Math.abs(wanted));
  }
  for (const [name, wanted] of Object.entries(expected.views)) {
    expect(found.views[name].length, name).toBe(sizeOf(measures.views[name]));
    expect(found.views[name].length, name).toBe(wanted.length);
    if (skip.includes(name)) continue;
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    wanted.forEach((value, i) => compare(`${name}[${i}]`, found.views[name][i], value, largest));
  }
  expect(worst).toEqual([]);
}
