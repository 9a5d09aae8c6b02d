/** What `progress-measures` found, for people. */
import type {
  FrequencyResult,
  ProgressMeasuresResults,
} from '../../src/lab/experiments/progress-results';

const KEY_RULES: Readonly<Record<ProgressMeasuresResults['keyRule'], string>> = {
  final: 'of the last checkpoint',
  current: 'of each checkpoint its own',
  given: 'as given',
};

/** Lines for a terminal: the network, every measure, and the frequencies that matter. */
export function formatMeasures(results: ProgressMeasuresResults): string {
  const { measures, variants, perFrequency } = results;
  const rows = Object.entries(measures).map(([name, value]) => [
    name,
    formatNumber(value),
    variants[name] ?? '',
  ]);
  const shown = perFrequency.filter(({ key, neurons }) => key || neurons > 0);
  return [
    ...describe(results),
    '',
    ...align(rows),
    '',
    ...align([FREQUENCY_HEAD, ...shown.map(formatFrequency)]),
  ].join('\n');
}

function describe(results: ProgressMeasuresResults): string[] {
  const { names, step, steps, split, keys, keyRule, neurons, clusters, network } = results;
  const { kind, width, hidden } = network as { kind: string; width: number; hidden: number };
  const explained = clusters.reduce((sum, one) => sum + one.neurons, 0);
  return [
    `${kind} ${width}/${hidden} by the names of ${names}, step ${step ?? 'none'}` +
      `${steps.length > 1 ? `, the last of ${steps.length} checkpoints` : ''}`,
    `${split.train} pairs trained on and ${split.test} not, as the ${split.from} says`,
    `key frequencies ${keys.join(', ') || 'none'} (${KEY_RULES[keyRule]}); one frequency explains ${explained} of ${neurons} neurons`,
  ];
}

const FREQUENCY_HEAD = [
  'frequency',
  'key',
  'norm in E',
  'in W_L',
  'coefficient',
  'cosine',
  'excluded loss',
  'ablation',
  'FVE of u',
  'of v',
  'neurons',
];

function formatFrequency(one: FrequencyResult): string[] {
  const { frequency, key, neurons, readoutFve } = one;
  const { embedding, readout, coefficient, cosine, excludedLoss, ablation } = one;
  return [
    String(frequency),
    key ? 'yes' : 'no',
    ...[embedding, readout, coefficient, cosine, excludedLoss, ablation, ...readoutFve].map(
      formatNumber,
    ),
    String(neurons),
  ];
}

function formatNumber(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : value.toPrecision(4);
}

/** Columns as wide as their widest cell. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, k) => Math.max(widest[k] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k]))
      .join('  ')
      .trimEnd(),
  );
}
