/** Words for networks that add on a circle, and for their settings. */
import { valueAt, type Config } from './fields';
import { sayShare } from './words';

/** Model and data in one line, from the configuration alone. */
export function sayModel(config: Config): string {
  const number = (path: string): number => Number(valueAt(config, path));
  const word = (path: string): string => String(valueAt(config, path));
  const [p, hidden, width] = [
    number('data.modulus'),
    number('network.hidden'),
    number('network.width'),
  ];
  const model =
    word('network.kind') === 'transformer'
      ? `Transformer, width ${width}, ${number('network.heads')} heads, ${hidden} hidden units`
      : `MLP, embedding ${width}, ${hidden} hidden units`;
  const operation = word('data.operation');
  const task = operation === 'add' ? `a + b mod ${p}` : `${operation} mod ${p}`;
  const share = sayShare(number('data.fraction')).replace('.0', '');
  return `${model}; ${task}, ${share} of the ${word('data.pairs')} pairs shown`;
}

const transformerOnly = [
  'heads',
  'layers',
  'layerNorm',
  'positions',
  'causal',
  'equals',
  'equalsClass',
].map((key) => `network.${key}`);
const mlpOnly = ['input', 'separate', 'outProjection'].map((key) => `network.${key}`);
const adamOnly = ['beta1', 'beta2', 'epsilon'].map((key) => `optimizer.${key}`);

/** Why a setting does nothing in this configuration, or null when it does. */
export function sayModularIdle(path: string, config: Config): string | null {
  const transformer = valueAt(config, 'network.kind') === 'transformer';
  if (transformerOnly.includes(path) && !transformer) return 'Only the transformer has it.';
  if (mlpOnly.includes(path) && transformer) return 'Only the MLP has it.';
  const sgd = valueAt(config, 'optimizer.kind') === 'sgd';
  if (path === 'optimizer.momentum' && !sgd) return 'Only SGD has it.';
  if (adamOnly.includes(path) && sgd) return 'Only Adam and AdamW have it.';
  return null;
}
