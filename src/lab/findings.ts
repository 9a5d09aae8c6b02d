/** What a run has found so far: rows of the table in the order of their steps, events, replicas that diverged. */
import { Diverged } from '../gpu/errors';
import type { Advance } from '../graph/program';
import type { Driver } from './drivers';
import type { Progress } from './experiments/types';
import { watchMilestones } from './milestones';
import type { RunEvent, RunRecord } from './record';
import type { RunOptions } from './run-types';
import { createTable, type MetricTable } from './table';

export interface Findings {
  readonly table: MetricTable;
  /** In the order in which they were seen. */
  readonly events: readonly RunEvent[];
  readonly warnings: readonly string[];
  /** Of the last measures. */
  readonly vectors: Progress['vectors'];
  /** Fulfilled when the rows asked for so far are in the table. */
  readonly settled: Promise<void>;
  /** Reads every step of a batch. Throws `Diverged` when no replica is left. */
  read(batch: Advance): void;
  /**
   * Adds the row that a batch ends in, behind all rows asked for before and once its measures are there: null for a row without.
   * Nothing where `truncate` came first.
   */
  addRow(batch: Advance, measured: Promise<Advance | null> | null): Promise<void>;
  warn(warning: string): void;
  /** Drops what lies after `step`, and the rows that are still waited for: what a lost device had begun is taken again. */
  truncate(step: number): void;
}

interface FindingsSpec {
  readonly driver: Driver;
  /** Values in a row of the table. */
  readonly replicas: number;
  /** Replicas or chains of the program, which diverge one by one. */
  readonly members: number;
  readonly onUpdate: RunOptions['onUpdate'];
  /** Of an earlier session, and the step it is gone on from. */
  readonly record: Pick<RunRecord, 'warnings' | 'events'> | undefined;
  readonly from: number;
}

/** Chains that diverge are told of one by one up to here; the results count them all. */
const MOST_WARNINGS = 20;

export function createFindings({
  driver,
  replicas,
  members,
  onUpdate,
  record,
  from,
}: FindingsSpec): Findings {
  const table = createTable(driver.columns, replicas);
  const warnings: string[] = [...(record?.warnings ?? [])];
  const milestones = watchMilestones(
    driver.milestones,
    (record?.events ?? []).filter(({ step }) => step <= from),
  );
  const diverged = new Set<number>();
  let vectors: Progress['vectors'];
  let settled: Promise<void> = Promise.resolve();
  let era = 0;

  function note(events: readonly RunEvent[]): void {
    for (const event of events) onUpdate({ type: 'event', event });
  }

  /** Replicas are independent: one that diverges is reported and the others go on; when none is left, the run stops. */
  function quarantine(step: number, replica: number): void {
    if (diverged.has(replica)) return;
    diverged.add(replica);
    const event = { name: 'diverged', step, replica };
    milestones.add(event);
    if (diverged.size <= MOST_WARNINGS)
      warnings.push(`${driver.noun} ${replica} diverged at step ${step}`);
    if (diverged.size === MOST_WARNINGS + 1)
      warnings.push(`more ${driver.noun}s diverged; the events name them all`);
    note([event]);
    if (diverged.size === members) throw new Diverged(step, replica);
  }

  async function write(
    before: Promise<void>,
    batch: Advance,
    measured: Promise<Advance | null> | null,
  ): Promise<void> {
    const begun = era;
    const evaluated = driver.row(batch);
    await before;
    const found = await measured;
    if (begun !== era) return;
    const step = batch.firstStep + batch.count;
    const more = found && driver.measures ? driver.measures.read(found) : null;
    if (more) vectors = more.vectors;
    const values = { ...evaluated, ...more?.row };
    note(milestones.observeRow(step, values));
    for (const view of more?.views ?? []) onUpdate({ type: 'view', ...view });
    if (table.steps.at(-1) === step) return;
    table.add(step, values);
    onUpdate({ type: 'row', step, values });
  }

  return {
    table,
    events: milestones.events,
    warnings,
    get vectors() {
      return vectors;
    },
    get settled() {
      return settled;
    },
    read: (batch) =>
      driver.read(batch, {
        observe: (step, metrics) => note(milestones.observeRow(step, metrics)),
        lost: quarantine,
      }),
    addRow(batch, measured) {
      const written = write(settled, batch, measured);
      settled = written.catch(() => undefined);
      return written;
    },
    warn(warning) {
      if (!warnings.includes(warning)) warnings.push(warning);
    },
    truncate(step) {
      era++;
      table.truncate(step);
      milestones.truncate(step);
      // A replica that diverged after the step will do so again, and be reported again.
      diverged.clear();
      for (const { name, replica } of milestones.events)
        if (name === 'diverged') diverged.add(replica);
    },
  };
}
