/** `lab check` as a test: every op, gradient and optimiser on Chromium's adapter against float64, one draw of each case. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { runChecks, type CheckRow } from '../../src/lab/check';
import { allCases } from '../../src/lab/check/cases';

let gpu: Gpu;
const rows: CheckRow[] = [];
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.close());

/** Kernels for products that no rule takes here, one of each kind: the others are in `lab check`. */
const products = ['matmul by tiles of 32', 'matmul by subgroups, 8 columns each'];
const ops = [...new Set(allCases.map(({ op }) => op)), 'adamw', 'sgd', ...products];

it.each(ops)('%s', { timeout: 300_000 }, async (op) => {
  const found: CheckRow[] = [];
  await runChecks(gpu, (row) => found.push(row), { filter: op, rounds: 1, exact: true });
  rows.push(...found);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(({ passed }) => !passed)).toEqual([]);
});

it('compared something in every row', () => {
  expect(rows.length).toBeGreaterThan(ops.length);
  expect(rows.every(({ cases }) => cases > 0)).toBe(true);
});
