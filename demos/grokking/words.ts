/** The words and lines of this page: series, phases, events, and the sentence above the chart. */
import type { RunEvent } from '../../src/lab/record';
import type { LineSpec } from '../shared/chart';
import { valueAt, type Config } from '../shared/fields';
import type { Phase } from '../shared/ribbon';
import { sayCount } from '../shared/words';

const train = { colour: 'train', label: 'train', dash: [] };
const test = { colour: 'test', label: 'test', dash: [6, 3] };

export const lossLines: readonly LineSpec[] = [
  { metric: 'train_loss', ...train },
  { metric: 'test_loss', ...test },
];
export const accuracyLines: readonly LineSpec[] = [
  { metric: 'train_accuracy', ...train },
  { metric: 'test_accuracy', ...test },
];
export const normLines: readonly LineSpec[] = [
  { metric: 'weight_norm', colour: 'norm', label: 'Σ w²', dash: [] },
];

/** Bounded by accuracy: what the paper's losses bound needs the key frequencies, known only at the end. */
export const phases: readonly Phase[] = [
  { name: 'memorisation', colour: 'train', until: 'memorised' },
  { name: 'circuit formation', colour: 'restricted', until: 'generalised' },
  { name: 'clean-up', colour: 'norm', until: null },
];

export function nameEvent({ name, step }: RunEvent): string {
  const what: Record<string, string> = { memorised: 'train ≥ 99 %', generalised: 'test ≥ 99 %' };
  return `${Object.hasOwn(what, name) ? what[name] : name}, step ${sayCount(step)}`;
}

/** The finding, as far as it has been found. */
export function sayFinding(events: readonly RunEvent[], step: number, finished: boolean): string {
  const at = (name: string): number | undefined =>
    events.find((event) => event.name === name && event.replica === 0)?.step;
  const [memorised, generalised] = [at('memorised'), at('generalised')];
  if (memorised === undefined) {
    return finished ? 'The sums shown were not fitted in this run' : 'Fitting the sums shown';
  }
  const first = `The sums shown are fitted at step ${sayCount(memorised)}`;
  if (generalised !== undefined) {
    return `${first}, the others only at step ${sayCount(generalised)}`;
  }
  const until = `step ${sayCount(step)}`;
  return finished ? `${first}, the others not by ${until}` : `${first}, the others not yet`;
}

/** Model and data in one line, from the configuration alone. */
export function sayModel(config: Config): string {
  const number = (path: string): number => Number(valueAt(config, path));
  const [p, hidden, width] = [
    number('data.modulus'),
    number('network.hidden'),
    number('network.width'),
  ];
  const all = valueAt(config, 'data.pairs') === 'unordered' ? (p * (p + 1)) / 2 : p * p;
  const shown = Math.floor(all * number('data.fraction'));
  const model =
    valueAt(config, 'network.kind') === 'transformer'
      ? `Transformer, width ${width}, ${number('network.heads')} heads, ${hidden} hidden units`
      : `MLP, embedding ${width}, ${hidden} hidden units`;
  const operation = valueAt(config, 'data.operation');
  const signs: Record<string, string> = { add: '+', subtract: '−', multiply: '×' };
  const sign = signs[String(operation)] ?? '+';
  return `${model}; a ${sign} b mod ${p}, ${sayCount(shown)} of ${sayCount(all)} pairs shown`;
}

/** Why a setting does nothing in this configuration, or null when it does. */
export function sayIdle(path: string, config: Config): string | null {
  const transformer = valueAt(config, 'network.kind') === 'transformer';
  const attention = ['heads', 'layers', 'layerNorm', 'positions', 'causal', 'tied', 'forward'];
  const [group, key] = path.split('.');
  if (group === 'network' && key !== undefined && attention.includes(key) && !transformer) {
    return 'Only the transformer has it.';
  }
  const adam = valueAt(config, 'optimizer.kind') !== 'sgd';
  if (path === 'optimizer.momentum' && adam) return 'Only SGD has it.';
  if (['optimizer.beta1', 'optimizer.beta2', 'optimizer.epsilon'].includes(path) && !adam) {
    return 'Only AdamW has it.';
  }
  return null;
}
