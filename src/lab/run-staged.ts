/**
 * Several trainings (and samplings) in turn behind the face of one run: each stage is a run of its own, made from what the earlier ones
 * came to. Rows, events and files of all are gathered here.
 */
import { createTable } from './table';
import type { Stage, StagedModel } from './experiments/types';
import { STAGES, toBuffers, type Files } from './files';
import type { RunEvent } from './record';
import { startRun } from './run';
import type { FoundStages } from './run-staged-earlier';
import { placeEntries } from './run-staged-entries';
import { createTools } from './run-staged-tools';
import type { Run, RunOptions, RunUpdate } from './run-types';
import type { FinishedStage, StageHistory } from './stages';
import { ENGINE_VERSION } from './version';

interface Current {
  readonly index: number;
  readonly run: Run;
  readonly stage: Stage;
}

/** What an earlier session left; nothing is read where there was none. */
async function findStages(
  model: StagedModel,
  { earlier, files }: RunOptions,
): Promise<FoundStages> {
  if (!earlier && !files?.[STAGES]) return { done: [], current: null };
  const { findEarlier } = await import('./run-staged-earlier');
  return findEarlier(model, { earlier, files });
}

export async function startStaged(options: RunOptions, model: StagedModel): Promise<Run> {
  const { onUpdate } = options;
  const { stages, entries, columns } = model;
  const offsets = stages.map((_, k) =>
    stages.slice(0, k).reduce((sum, { steps }) => sum + steps, 0),
  );
  const total = stages.reduce((sum, { steps }) => sum + steps, 0);
  const table = createTable(columns, entries.length, { gaps: true });
  const { widen, rename, addRows } = placeEntries(model, table);
  const found = await findStages(model, options);
  const done: FinishedStage[] = [...found.done];
  for (const [k, { csv }] of done.entries()) await addRows(k, csv);
  const secondsBefore = found.done.reduce(
    (sum, one) => sum + one.seconds,
    found.current?.history.seconds ?? 0,
  );
  let pace = options.pace;
  let watched: readonly string[] = [];
  let stopped = false;
  let filesOfCheckpoint: Files | null = null;
  let current = await begin(done.length, found.current);
  const firstStep = step();
  if (isFinished()) finish(await current.run.program.save());

  /** Rows and events of what was taken over, for whoever only listens. */
  function tellEarlier(): void {
    table.steps.forEach((at, row) => {
      const values = columns.map((name) => [name, table.values[name][row]] as const);
      onUpdate({ type: 'row', step: at, values: Object.fromEntries(values) });
    });
    for (const event of events()) onUpdate({ type: 'event', event });
  }

  /** Makes a stage from those before it; the one before stays until this one stands. */
  async function begin(k: number, from: FoundStages['current'] = null): Promise<Current> {
    const { name, steps, entries: own } = stages[k];
    const { tools, close } = createTools(options, table);
    let stage: Stage;
    try {
      stage = await model.build(
        k,
        done.slice(0, k).map(({ outcome }) => outcome),
        tools,
      );
    } finally {
      close();
    }
    if (stage.model.steps !== steps)
      throw new Error(`stage ${name} takes ${stage.model.steps} steps, its plan says ${steps}`);
    const names = own.map((entry) => entries[entry]);
    onUpdate({ type: 'stage', index: k, count: stages.length, name, entries: own, names });
    const run = await startRun({
      ...options,
      // So that a checkpoint says which stage it is of.
      model: { ...stage.model, config: { ...model.config, stage: k } },
      pace,
      onUpdate: (update) => receive(k, update),
      earlier: from
        ? {
            checkpoint: from.checkpoint,
            csv: from.history.csv === '' ? undefined : from.history.csv,
            record: {
              events: from.history.events,
              seconds: from.history.seconds,
              warnings: from.history.warnings,
            },
            files: toBuffers(from.files),
          }
        : undefined,
    });
    // Rows of a run that begins here come as updates.
    if (from && own.length > 0) await addRows(k, run.csv());
    run.watch(watched);
    for (const [view, { shape, data }] of Object.entries(stage.views ?? {}))
      onUpdate({ type: 'view', name: view, step: 0, shape, data: data.slice() });
    return { index: k, run, stage };
  }

  function receive(k: number, update: RunUpdate): void {
    switch (update.type) {
      case 'row': {
        if (stages[k].entries.length === 0) return;
        const values = widen(k, update.values);
        table.add(update.step, values);
        return onUpdate({ ...update, values });
      }
      case 'event':
        return rename(k, [update.event]).forEach((event) => onUpdate({ type: 'event', event }));
      case 'restoring':
        return onUpdate({ ...update, step: offsets[k] + update.step });
      default:
        return onUpdate(update);
    }
  }

  function historyOf({ index, run }: Current): StageHistory {
    const { events, seconds, warnings } = run.record();
    const csv = stages[index].entries.length > 0 ? run.csv() : '';
    return { signature: model.signature(index + 1), csv, events, seconds, warnings };
  }

  function isFinished(): boolean {
    return current.run.step >= stages[current.index].steps;
  }

  function finish({
    step,
    parameters,
  }: {
    readonly step: number;
    readonly parameters: Float32Array;
  }): void {
    const { index, run, stage } = current;
    if (done.length > index) return;
    const training = 'loss' in stage.model;
    const checkpoints = [...run.checkpoints()].sort((a, b) => a.step - b.step);
    if (training && checkpoints.at(-1)?.step !== step) checkpoints.push({ step, parameters });
    const results = JSON.parse(JSON.stringify(run.record().results)) as object;
    done.push({
      ...historyOf(current),
      replicas: run.program.replicas,
      outcome: { layout: run.program.layout, checkpoints, keep: stage.keep ?? {}, results },
    });
  }

  async function advanceTo(target: number): Promise<number> {
    stopped = false;
    for (;;) {
      const { index, run } = current;
      await run.advanceTo(Math.min(target - offsets[index], stages[index].steps));
      if (!isFinished()) return step();
      finish(await run.program.save());
      if (stopped || index === stages.length - 1 || target <= offsets[index + 1]) return step();
      current = await begin(index + 1);
      run.dispose();
    }
  }

  function step(): number {
    return offsets[current.index] + current.run.step;
  }

  async function collectFiles(): Promise<Files> {
    const at = current;
    const own = await at.run.files();
    const history = historyOf(at);
    const stored = {
      done: done.slice(0, at.index),
      current: {
        ...history,
        index: at.index,
        files: Object.keys(own),
        keep: at.stage.keep ?? {},
      },
    };
    const { writeStages } = await import('./stages');
    return { ...own, [STAGES]: writeStages(stored) };
  }

  const seconds = (): number =>
    done
      .slice(0, current.index)
      .reduce((sum, one) => sum + one.seconds, current.run.record().seconds);

  function warnings(): string[] {
    const all = [...done.slice(0, current.index), current.run.record()];
    return all.flatMap((one, k) => one.warnings.map((text) => `${stages[k].name}: ${text}`));
  }

  const events = (): RunEvent[] =>
    [...done.slice(0, current.index), current.run.record()]
      .flatMap((one, k) => rename(k, one.events))
      .sort((a, b) => a.step - b.step || a.replica - b.replica);

  function results(): object {
    const outcomes = done.map(({ outcome }) => outcome);
    return model.summarize({
      table,
      events: events(),
      step: step(),
      done: outcomes,
      stage: done.length === stages.length ? null : current.index,
      keeps:
        done.length > current.index
          ? outcomes.map(({ keep }) => keep)
          : [...outcomes.map(({ keep }) => keep), current.stage.keep ?? {}],
    });
  }

  tellEarlier();
  return {
    model,
    total,
    get adapter() {
      return current.run.adapter;
    },
    get parameters() {
      return current.run.parameters;
    },
    get bytes() {
      return current.run.bytes;
    },
    get program() {
      return current.run.program;
    },
    get step() {
      return step();
    },
    get stepsPerSecond() {
      return current.run.stepsPerSecond;
    },
    advanceTo,
    stop() {
      stopped = true;
      current.run.stop();
    },
    watch(views) {
      watched = views;
      current.run.watch(views);
    },
    setPace(milliseconds) {
      pace = milliseconds;
      current.run.setPace(milliseconds);
    },
    async checkpoint() {
      const bytes = await current.run.checkpoint();
      filesOfCheckpoint = await collectFiles();
      return bytes;
    },
    async files() {
      const files = filesOfCheckpoint ?? (await collectFiles());
      filesOfCheckpoint = null;
      return files;
    },
    checkpoints: () => current.run.checkpoints(),
    amend: (at, row) => table.amend(at, row),
    record() {
      const spent = seconds();
      const here = spent - secondsBefore;
      return {
        schema: 1,
        engine: ENGINE_VERSION,
        experiment: model.experiment,
        config: model.config,
        seed: model.seed,
        adapter: current.run.adapter,
        steps: step(),
        seconds: spent,
        stepsPerSecond: here > 0 ? (step() - firstStep) / here : 0,
        metrics: Object.fromEntries(
          columns.map((name) => {
            const last = table.last(name);
            return [name, last && entries.length === 1 ? last[0] : last];
          }),
        ),
        events: events(),
        results: results(),
        warnings: warnings(),
      };
    },
    csv: () => table.toCsv(),
    dispose: () => current.run.dispose(),
  };
}
