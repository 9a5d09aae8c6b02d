/** What the progress measures of a run came to: the part of `results` that the paper's story is told by. */
import { EXPLAINED } from '../../interp/neurons';
import type { MetricTable } from '../table';
import type { Progress } from './types';

/** The losses count as fallen from here on. */
const FALLEN = 1e-2;

/** Of one network. */
export interface ProgressResult {
  /** Key frequencies at the last measurement, see src/interp; null where a resumed run has made none yet. */
  readonly keys: readonly number[] | null;
  /** Neurons more than 85 % of whose variance one frequency explains, by frequency. */
  readonly clusters: readonly { readonly frequency: number; readonly neurons: number }[] | null;
  /** First measured step at which a loss was at most 0.01; null where it never was. */
  readonly fallen: { readonly restricted: number | null; readonly test: number | null };
  /** Excluded loss: its least value, with the step, and its largest from there on. */
  readonly excluded: {
    readonly step: number;
    readonly least: number;
    readonly peak: number;
  } | null;
  readonly weightNorm: { readonly peak: number; readonly last: number } | null;
  /** First and last value of every measure. */
  readonly measures: Readonly<Record<string, { readonly first: number; readonly last: number }>>;
}

export interface ProgressSources {
  readonly table: MetricTable;
  readonly columns: readonly string[];
  readonly replicas: number;
  readonly vectors: Progress['vectors'];
}

/** A list where there are several replicas; null before the first measurement. */
export function summarizeProgress(
  sources: ProgressSources,
): ProgressResult | readonly ProgressResult[] | null {
  const { columns, replicas, table } = sources;
  if (columns.length === 0 || !table.last(columns[0])) return null;
  const all = Array.from({ length: replicas }, (_, replica) => summarizeOne(sources, replica));
  return replicas === 1 ? all[0] : all;
}

function summarizeOne(
  { table, columns, vectors }: ProgressSources,
  replica: number,
): ProgressResult {
  const curve = (name: string): Curve => curveOf(table, name, replica);
  return {
    ...(vectors?.[replica] ? clustersOf(vectors[replica]) : { keys: null, clusters: null }),
    fallen: { restricted: fallenAt(curve('restricted_loss')), test: fallenAt(curve('test_loss')) },
    excluded: excludedOf(curve('excluded_loss')),
    weightNorm: normOf(curve('weight_norm')),
    measures: Object.fromEntries(
      columns.flatMap((name) => {
        const { values } = curve(name);
        return values.length > 0 ? [[name, { first: values[0], last: values.at(-1)! }]] : [];
      }),
    ),
  };
}

interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** A metric of one replica where it was measured. */
function curveOf({ steps, values }: MetricTable, name: string, replica: number): Curve {
  const rows = (values[name] ?? []).flatMap((row, k) => {
    const value = row[replica];
    return value !== undefined && Number.isFinite(value) ? [[steps[k], value] as const] : [];
  });
  return { steps: rows.map(([step]) => step), values: rows.map(([, value]) => value) };
}

function fallenAt({ steps, values }: Curve): number | null {
  const at = values.findIndex((value) => value <= FALLEN);
  return at < 0 ? null : steps[at];
}

/** Step 0 is left out: nothing is learned yet, and every loss is ln p. */
function excludedOf({ steps, values }: Curve): ProgressResult['excluded'] {
  const from = steps.findIndex((step) => step > 0);
  if (from < 0) return null;
  const least = Math.min(...values.slice(from));
  const at = values.indexOf(least, from);
  return { step: steps[at], least, peak: Math.max(...values.slice(at)) };
}

function normOf({ values }: Curve): ProgressResult['weightNorm'] {
  return values.length > 0 ? { peak: Math.max(...values), last: values.at(-1)! } : null;
}

function clustersOf({
  key_frequencies: keys = [],
  neurons = [],
}: Readonly<Record<string, ArrayLike<number>>>): Pick<ProgressResult, 'keys' | 'clusters'> {
  const counts = new Map<number, number>();
  const hidden = neurons.length / 2;
  for (let n = 0; n < hidden; n++) {
    if (neurons[hidden + n] <= EXPLAINED) continue;
    counts.set(neurons[n], (counts.get(neurons[n]) ?? 0) + 1);
  }
  return {
    keys: Array.from(keys).flatMap((on, k) => (on > 0 ? [k + 1] : [])),
    clusters: [...counts]
      .sort(([a], [b]) => a - b)
      .map(([frequency, count]) => ({ frequency, neurons: count })),
  };
}
