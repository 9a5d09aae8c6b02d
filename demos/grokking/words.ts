/** The words and lines of this page: series, phases, events, and the sentence above the chart. */
import type { RunEvent } from '../../src/lab/record';
import type { LineSpec } from '../shared/chart-options';
import type { Config } from '../shared/fields';
import { sayModularIdle } from '../shared/modular-words';
import type { Phase } from '../shared/ribbon';
import { lastOf, lineOf, type Columns } from '../shared/series';
import { sayUnmeasured } from './setup';
import { sayCount, sayNumber, sayShare } from '../shared/words';

const train = { colour: 'train', label: 'train', dash: [] };
const test = { colour: 'test', label: 'test', dash: [6, 3] };
const restricted = { colour: 'restricted', label: 'restricted', dash: [2, 2], sparse: true };
const excluded = { colour: 'excluded', label: 'excluded', dash: [9, 3, 2, 3], sparse: true };

export const lossLines: readonly LineSpec[] = [
  { metric: 'train_loss', ...train },
  { metric: 'test_loss', ...test },
  { metric: 'restricted_loss', ...restricted },
  { metric: 'excluded_loss', ...excluded },
];
export const accuracyLines: readonly LineSpec[] = [
  { metric: 'train_accuracy', ...train },
  { metric: 'test_accuracy', ...test },
  { metric: 'restricted_accuracy', ...restricted },
];
export const normLines: readonly LineSpec[] = [
  { metric: 'weight_norm', colour: 'norm', label: 'Σ w²', dash: [] },
];
export const structureLines: readonly LineSpec[] = [
  { metric: 'logit_fve', colour: 'restricted', label: 'logits', dash: [], sparse: true },
  { metric: 'explained_neurons', colour: 'lambda', label: 'neurons', dash: [6, 3], sparse: true },
];
export const giniLines: readonly LineSpec[] = [
  { metric: 'gini_readout', colour: 'restricted', label: 'read-out', dash: [], sparse: true },
  { metric: 'gini_embedding', colour: 'lambda', label: 'embedding', dash: [6, 3], sparse: true },
];

/** As the paper bounds them, by the restricted loss and by the test loss. */
export const phases: readonly Phase[] = [
  { name: 'memorisation', colour: 'train', until: 'memorised' },
  { name: 'circuit formation', colour: 'restricted', until: 'circuit-formed' },
  { name: 'clean-up', colour: 'norm', until: 'cleaned-up' },
];

/** Where the restricted loss is not measured, by accuracy. */
export const plainPhases: readonly Phase[] = [
  { name: 'memorisation', colour: 'train', until: 'memorised' },
  { name: 'circuit formation', colour: 'restricted', until: 'generalised' },
  { name: 'clean-up', colour: 'norm', until: null },
];

const marks: Readonly<Record<string, string>> = {
  memorised: 'train ≥ 99 %',
  'circuit-formed': 'restricted ≤ 0.1',
  generalised: 'test ≥ 99 %',
  'cleaned-up': 'test loss ≤ 10⁻³',
};

/** The words at an event's marker; events of no interest have none. */
export function nameEvent({ name, step }: RunEvent): string | null {
  return Object.hasOwn(marks, name) ? `${marks[name]}, step ${sayCount(step)}` : null;
}

/** The phase that a step lies in. */
export function phaseAt(
  step: number,
  events: readonly RunEvent[],
  among: readonly Phase[],
): string {
  for (const { name, until } of among) {
    const end = events.find((event) => event.name === until && event.replica === 0);
    if (end === undefined || step < end.step) return name;
  }
  return 'after clean-up';
}

/** The finding, as far as it has been found. */
export function sayFinding(events: readonly RunEvent[], step: number, finished: boolean): string {
  const at = (name: string): number | undefined =>
    events.find((event) => event.name === name && event.replica === 0)?.step;
  const [memorised, formed, generalised] = ['memorised', 'circuit-formed', 'generalised'].map(at);
  if (memorised === undefined) {
    return finished ? 'The pairs shown were not fitted in this run' : 'Fitting the pairs shown';
  }
  const first = `The pairs shown are fitted at step ${sayCount(memorised)}`;
  const circuit = formed === undefined ? '' : `; the circuit stands by step ${sayCount(formed)}`;
  if (generalised !== undefined) {
    return `${first}, the others only at step ${sayCount(generalised)}${circuit}`;
  }
  const until = `step ${sayCount(step)}`;
  return finished
    ? `${first}, the others not by ${until}${circuit}`
    : `${first}, the others not yet${circuit}`;
}

/** The finding of the chart of explained variance. */
export function sayStructure(columns: Columns): string {
  const [logits, neurons] = ['logit_fve', 'explained_neurons'].map((name) => lastOf(columns, name));
  if (logits == null || neurons == null) return 'How much the waves explain';
  return `Waves explain ${sayShare(logits.value)} of the logits and ${sayShare(neurons.value)} of the neurons`;
}

/** The finding of the Gini chart. */
export function sayGini(columns: Columns): string {
  const values = lineOf(columns, 'gini_readout').middle.filter((value) => value !== null);
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return 'How few frequencies carry the weights';
  if (last < first + 0.05) return 'How few frequencies carry the weights';
  return `Fewer frequencies carry the weights: Gini ${sayNumber(first)} to ${sayNumber(last)}`;
}

/** The finding of the accuracy chart. */
export function sayAccuracy(columns: Columns): string {
  const { middle } = lineOf(columns, 'test_accuracy');
  const row = middle.findIndex((value) => value !== null && value >= 0.5);
  const step = columns.steps[row];
  if (step === undefined) return 'Correct answers on the pairs shown and on the others';
  return `Half of the other pairs are right by step ${sayCount(step)}`;
}

/** The finding of the weight norm chart. */
export function sayNorm(columns: Columns): string {
  const values = lineOf(columns, 'weight_norm').middle.filter((value) => value !== null);
  const [peak, last] = [Math.max(0, ...values), values.at(-1) ?? 0];
  if (peak === 0 || last > 0.97 * peak) return 'The size of the weights';
  return `The weights shrink: Σ w² falls from ${sayCount(peak)} to ${sayCount(last)}`;
}

/** Why a setting does nothing in this configuration, or null when it does. */
export function sayIdle(path: string, config: Config): string | null {
  const unmeasured = path.startsWith('measures.') ? sayUnmeasured(config) : null;
  return unmeasured === null ? sayModularIdle(path, config) : `Nothing is measured: ${unmeasured}.`;
}
