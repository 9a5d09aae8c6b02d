/** The self-check: every kernel and every gradient against float64, on whatever adapter is here. */
import type { Gpu } from '../../gpu/open';
import { compareCase, excess, type Comparison } from './compare';
import { allCases } from './cases';
import type { Case } from './types';

export interface CheckRow {
  /** The op, or `<op> gradient`. */
  readonly name: string;
  /** The worst error over all cases, in units of its bound, was this error under this bound. */
  readonly error: number;
  readonly bound: number;
  readonly passed: boolean;
  /** Comparisons behind this row. */
  readonly cases: number;
  /** Case, seed and leaf of the worst error. */
  readonly where: string;
}

export interface CheckSummary {
  readonly passed: number;
  readonly failed: number;
}

export interface CheckOptions {
  /** Only ops whose name contains this. */
  readonly filter?: string;
  /** The filter is a whole name. */
  readonly exact?: boolean;
  /** Random draws of each case. */
  readonly rounds?: number;
}

/** Calls `onRow` once per op as soon as its last case is done. */
export async function runChecks(
  gpu: Gpu,
  onRow: (row: CheckRow) => void,
  { filter = '', exact = false, rounds = 2 }: CheckOptions = {},
): Promise<CheckSummary> {
  const wanted = (op: string): boolean => (exact ? op === filter : op.includes(filter));
  const byOp = new Map<string, Case[]>();
  for (const testCase of allCases) {
    if (!wanted(testCase.op)) continue;
    byOp.set(testCase.op, [...(byOp.get(testCase.op) ?? []), testCase]);
  }
  const summary = { passed: 0, failed: 0 };
  const report = (comparisons: readonly Comparison[]): void => {
    for (const row of summarize(comparisons)) {
      if (row.passed) summary.passed++;
      else summary.failed++;
      onRow(row);
    }
  };
  for (const cases of byOp.values()) {
    const comparisons: Comparison[] = [];
    for (const testCase of cases) {
      for (let seed = 1; seed <= rounds; seed++) {
        for (const comparison of await compareCase(gpu, testCase, seed)) {
          comparisons.push({ ...comparison, where: `${comparison.where} (seed ${seed})` });
        }
      }
    }
    report(comparisons);
  }
  // What comes later is fetched while rows are read.
  const { checkProducts } = await import('./products');
  report(await checkProducts(gpu, wanted));
  const { checkOptimizers } = await import('./optimizers');
  report(await checkOptimizers(gpu, wanted));
  const { checkSamplers } = await import('./samplers');
  report(await checkSamplers(gpu, wanted));
  const { checkChains } = await import('./chains');
  report(await checkChains(gpu, wanted));
  const { checkTraining } = await import('./training');
  report(await checkTraining(gpu, wanted));
  return summary;
}

function summarize(comparisons: readonly Comparison[]): CheckRow[] {
  const bySubject = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const { subject } = comparison;
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), comparison]);
  }
  return [...bySubject].map(([name, all]) => {
    const worst = all.reduce((a, b) => (excess(b) > excess(a) ? b : a));
    const { error, bound, where } = worst;
    return { name, error, bound, where, cases: all.length, passed: excess(worst) <= 1 };
  });
}
