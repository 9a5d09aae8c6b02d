/** `results` of a tickets run: who got where, when, and with which weights. */
import type { ParameterLayout } from '../../graph/layout';
import { density } from '../../prune/masks';
import type { MetricTable } from '../table';
import type { LlcResults } from './llc-results';
import { ENTROPIES } from './tickets-entropy';
import type { TicketsPlan } from './tickets-plan';
import type { NetworkResult, TicketsResults, VariantResult } from './tickets-results';
import type { StagedProgress, StageOutcome } from './types';

export function summarizeTickets(
  plan: TicketsPlan,
  layout: ParameterLayout,
  { table, done, keeps }: Pick<StagedProgress, 'table' | 'done' | 'keeps'>,
): TicketsResults {
  const base = resultOf(plan, table, done, 0);
  const variants = plan.tickets.map((ticket, k): VariantResult => {
    const { method, start, pruned, sourceStep, rewindStep, weightDecay } = ticket;
    const result = resultOf(plan, table, done, 1 + k);
    const [own, other] = [result.steps['95'], base.steps['95']];
    return {
      ...result,
      method,
      start,
      pruned,
      sourceStep,
      rewindStep,
      weightDecay,
      ...drawnFor(plan, layout, keeps, k),
      // A network that is there at once has no speed to compare.
      speedUp: own !== null && other !== null && own > 0 ? other / own : null,
    };
  });
  return { base, variants };
}

function resultOf(
  plan: TicketsPlan,
  table: MetricTable,
  done: readonly StageOutcome[],
  entry: number,
): NetworkResult {
  const series = (name: string): (readonly [step: number, value: number])[] =>
    (table.values[name] ?? []).flatMap((row, at) =>
      Number.isNaN(row[entry] ?? NaN) ? [] : [[table.steps[at], row[entry]] as const],
    );
  const last = (name: string): number | null => series(name).at(-1)?.[1] ?? null;
  const accuracy = series('test_accuracy');
  const first = (share: number): number | null =>
    accuracy.find(([, value]) => value >= share)?.[0] ?? null;
  const [into, intoCode, out, outCode] = ENTROPIES.map(series);
  const values = (of: readonly (readonly [number, number])[]): number[] => of.map(([, v]) => v);
  return {
    name: plan.entries[entry],
    steps: { '50': first(0.5), '95': first(0.95), '99': first(0.99) },
    testAccuracy: last('test_accuracy'),
    trainAccuracy: last('train_accuracy'),
    testLoss: last('test_loss'),
    taken: accuracy.at(-1)?.[0] ?? 0,
    entropy: {
      steps: into.map(([step]) => step),
      in: values(into),
      inCode: values(intoCode),
      out: values(out),
      outCode: values(outCode),
    },
    llc: llcOf(plan, done, entry),
  };
}

/** The estimate of the chains around this network, null until they have run. */
function llcOf(plan: TicketsPlan, done: readonly StageOutcome[], entry: number): unknown {
  const at = plan.stages.findIndex((stage) => stage.kind === 'llc' && stage.ticket === entry - 1);
  const results = done[at]?.results as LlcResults | undefined;
  return results ? results.llc : null;
}

/** Density of the mask and factor of the start, once drawn; a network left whole has all its weights. */
function drawnFor(
  plan: TicketsPlan,
  layout: ParameterLayout,
  keeps: readonly StageOutcome['keep'][],
  ticket: number,
): Pick<VariantResult, 'density' | 'scale'> {
  const at = plan.stages.findIndex(
    (stage) => stage.kind === 'tickets' && stage.tickets.includes(ticket),
  );
  const keep = keeps[at] as StageOutcome['keep'] | undefined;
  const stage = plan.stages[at];
  if (!keep || stage.kind !== 'tickets') return { density: null, scale: null };
  const replica = stage.tickets.indexOf(ticket);
  const scale = keep['scales'][replica];
  const mask = keep['masks'].subarray(replica * layout.stride, (replica + 1) * layout.stride);
  return { density: density(mask, layout), scale: scale === 0 ? null : scale };
}
