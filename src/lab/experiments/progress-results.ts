/** What the measures of a network came to: `results` of a run of progress-measures. */
import type { MeasureValues } from '../../interp/types';
import type { MeasuredSource } from './progress-source';
import { VARIANTS } from './progress-variants';

/** A neuron belongs to a frequency that explains more than this of its variance. */
const EXPLAINED = 0.85;

/** One of the (p − 1)/2 frequencies of the last checkpoint; null where the network has no such thing. */
export interface FrequencyResult {
  readonly frequency: number;
  readonly key: boolean;
  /** Norm of the two Fourier rows of E and of W_L. */
  readonly embedding: number | null;
  readonly readout: number | null;
  /** Coefficient of the logits on cos(w_k(a + b − c)), and the cosine of the angle between them. */
  readonly coefficient: number | null;
  readonly cosine: number | null;
  /** Train loss with this frequency's sums taken out of the logits. */
  readonly excludedLoss: number | null;
  /** Loss on all pairs with the neurons of this frequency dropped and the others kept to their own terms. */
  readonly ablation: number | null;
  /** Share of the variance of u_k·neurons and v_k·neurons that cos and sin of w_k(a + b) explain. */
  readonly readoutFve: readonly [number | null, number | null];
  /** Share of the variance of each head's attention to a. */
  readonly attention: readonly (number | null)[] | null;
  /** Neurons more than 85 % of whose variance it explains. */
  readonly neurons: number;
}

export interface ProgressMeasuresResults {
  readonly names: 'cusp' | 'transformer-lens';
  /** Last checkpoint measured, and all of them. */
  readonly step: number | null;
  readonly steps: readonly number[];
  readonly network: object;
  readonly split: {
    readonly from: 'file' | 'configuration';
    readonly train: number;
    readonly test: number;
  };
  /** Frequencies that restricted, excluded and the like are about, and by which rule. */
  readonly keys: readonly number[];
  readonly keyRule: 'final' | 'current' | 'given';
  /** Neurons by the frequency that explains them; `neurons` in all. */
  readonly clusters: readonly { readonly frequency: number; readonly neurons: number }[];
  readonly neurons: number;
  /** Of the last checkpoint, by the names of the table. */
  readonly measures: Readonly<Record<string, number | null>>;
  readonly perFrequency: readonly FrequencyResult[];
  /** What the measures of more than one common definition are here. */
  readonly variants: Readonly<Record<string, string>>;
}

export function summarizeMeasured(
  source: MeasuredSource,
  measured: ReadonlyMap<number, MeasureValues>,
  columns: readonly string[],
  keyRule: ProgressMeasuresResults['keyRule'],
): ProgressMeasuresResults {
  const { names, config, split, splitFrom } = source;
  const steps = [...measured.keys()];
  const last = steps.length > 0 ? measured.get(steps.at(-1)!)! : null;
  const perFrequency = last ? listFrequencies(last, (config.data.modulus - 1) / 2) : [];
  const measures = last
    ? Object.fromEntries(columns.map((name) => [name, finite(last.scalars[name])]))
    : {};
  return {
    names,
    step: steps.at(-1) ?? null,
    steps,
    network: config.network,
    split: {
      from: splitFrom,
      train: split.train.labels.length,
      test: split.test.labels.length,
    },
    keys: perFrequency.flatMap(({ key, frequency }) => (key ? [frequency] : [])),
    keyRule,
    clusters: perFrequency.flatMap(({ frequency, neurons }) =>
      neurons > 0 ? [{ frequency, neurons }] : [],
    ),
    neurons: config.network.hidden,
    measures,
    perFrequency,
    variants: Object.fromEntries(
      Object.entries(VARIANTS).filter(([name]) => name === 'key_frequencies' || name in measures),
    ),
  };
}

function listFrequencies({ views }: MeasureValues, count: number): FrequencyResult[] {
  const at = (name: string, k: number): number | null => finite(views[name]?.[k]);
  const norm = (name: string, k: number): number | null => {
    const rows = views[name];
    return rows ? finite(Math.hypot(rows[2 * k + 1], rows[2 * k + 2])) : null;
  };
  const neurons = countNeurons(views['neurons'], count);
  const attention = views['attention_spectrum'];
  return Array.from({ length: count }, (_, k) => ({
    frequency: k + 1,
    key: (views['key_frequencies']?.[k] ?? 0) > 0,
    embedding: norm('embedding_spectrum', k),
    readout: norm('readout_spectrum', k),
    coefficient: at('logit_coefficients', k),
    cosine: at('logit_cosines', k),
    excludedLoss: at('excluded_by_frequency', k),
    ablation: at('ablation', k),
    readoutFve: [at('readout_fve', k), at('readout_fve', count + k)] as const,
    attention: attention
      ? Array.from({ length: attention.length / count }, (__, head) =>
          finite(attention[head * count + k]),
        )
      : null,
    neurons: neurons[k],
  }));
}

/** From [2, hidden]: the frequency of each neuron, then what it explains. */
function countNeurons(neurons: Float64Array | undefined, count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  const hidden = (neurons?.length ?? 0) / 2;
  for (let n = 0; n < hidden; n++) {
    if (neurons![hidden + n] > EXPLAINED) counts[neurons![n] - 1]++;
  }
  return counts;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
