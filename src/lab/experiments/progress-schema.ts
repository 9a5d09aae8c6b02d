/** What a configuration of the progress-measures experiment may say: which weights, which split, which key frequencies. */
import { LARGEST_MODULUS } from '../../data/modular';
import { choice, flag, number, object, refuse, text, type Infer } from '../schema';
import { custom, optional } from '../schema-forms';

/** Of the network that a series ends with, of each as it stands, or these. */
export type KeyChoice = 'final' | 'current' | readonly number[];

const KEY_WORDS = ['final', 'current'] as const;
const HIGHEST_KEY = (LARGEST_MODULUS - 1) / 2;

export const progressSchema = object({
  schema: number({ min: 1, max: 1, integer: true, default: 1, label: 'Version of this format' }),
  experiment: choice(['progress-measures'], { default: 'progress-measures', label: 'Experiment' }),
  seed: number({
    min: 0,
    max: 2 ** 32 - 1,
    integer: true,
    default: 0,
    label: 'Seed',
    help: 'Of the samples of gradient symmetricity, and of the split where `data` names it.',
  }),
  checkpoint: text({
    maxLength: 4096,
    default: '',
    label: 'Checkpoint',
    help: 'A safetensors file with names of Cusp or TransformerLens, or the directory of a run.',
  }),
  replica: number({
    min: 0,
    max: 4095,
    integer: true,
    default: 0,
    label: 'Replica',
    help: 'Which of the networks that were trained side by side.',
  }),
  keys: custom<KeyChoice>(readKeys, {
    default: 'final',
    label: 'Key frequencies',
    help: 'final: those of the last checkpoint, as in the paper; current: of each checkpoint its own; or a list.',
  }),
  data: optional(
    object({
      fraction: number({ min: 0.001, max: 0.999, default: 0.3, label: 'Pairs shown' }),
      pairs: choice(['ordered', 'unordered'], { default: 'ordered', label: 'Pairs' }),
    }),
    {
      label: 'Split',
      help: 'Which pairs count as trained on, where the file does not say.',
    },
  ),
  network: optional(
    object({
      activation: choice(['relu', 'gelu', 'quadratic', 'tanh'], {
        default: 'relu',
        label: 'Activation',
      }),
      causal: flag({ default: true, label: 'Causal mask' }),
      heads: number({
        min: 1,
        max: 64,
        integer: true,
        default: 4,
        label: 'Heads',
        help: 'Of files by our names; TransformerLens gives heads an axis of their own.',
      }),
    }),
    { label: 'Network', help: 'What shapes do not tell, where the file does not say.' },
  ),
});

export type ProgressConfig = Infer<typeof progressSchema>;

function readKeys(value: unknown, path: string): KeyChoice {
  const word = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  const known = KEY_WORDS.find((one) => one === word);
  if (known) return known;
  const limit = `must be final, current or frequencies from 1 to ${HIGHEST_KEY}`;
  if (!Array.isArray(value) || value.length === 0) return refuse(path, value, limit);
  const keys = value.map((one: unknown, k) => {
    const key = typeof one === 'string' && one.trim() !== '' ? Number(one) : one;
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 1 || key > HIGHEST_KEY)
      return refuse(`${path}.${k}`, one, limit);
    return key;
  });
  return [...new Set(keys)].sort((a, b) => a - b);
}
