/** What the claims about tickets read off a run, and how they say it. */
import type { TicketsResults, VariantResult } from '../../src/lab/experiments/tickets-results';
import type { RunRecord } from '../../src/lab/record';

export const TICKETS = 'Minegishi et al., arXiv 2310.19470';

/** The variant that the claims are about. */
export const TICKET = 'magnitude 0.6';

export const resultsOf = (record: RunRecord): TicketsResults => record.results as TicketsResults;

/** The variant of a name; a preset that lost it is a mistake here. */
export function variantOf(record: RunRecord, name: string): VariantResult {
  const found = resultsOf(record).variants.find((one) => one.name === name);
  if (!found) throw new Error(`the run has no variant '${name}'`);
  return found;
}

export const baseStep = (record: RunRecord): number =>
  resultsOf(record).base.steps['95'] ?? Infinity;
export const stepOf = (record: RunRecord, name: string): number =>
  variantOf(record, name).steps['95'] ?? Infinity;

/** Steps to 95 %, or the accuracy where it never came. */
export function say(record: RunRecord, name: string): string {
  const { steps, testAccuracy, taken } = variantOf(record, name);
  return steps['95'] === null
    ? `never in ${taken} (${(testAccuracy ?? NaN).toFixed(2)})`
    : String(steps['95']);
}

export const sayBase = (record: RunRecord): string => `base ${baseStep(record)}`;

/** By the step to 95 %; of two that never come there, by what they came to. */
export function isFaster(a: VariantResult, b: VariantResult): boolean {
  const [own, other] = [a, b].map(({ steps }) => steps['95'] ?? Infinity);
  if (own !== other || own < Infinity) return own <= other;
  return (a.testAccuracy ?? 0) > (b.testAccuracy ?? 0);
}

/** Whether a rival is not where its base was when that generalised; only what was given as many steps can say. */
export function losesToBase(record: RunRecord, name: string): boolean {
  return (
    stepOf(record, name) > baseStep(record) && variantOf(record, name).taken >= baseStep(record)
  );
}
