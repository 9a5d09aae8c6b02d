/**
 * A run that goes on when its training is done: the checkpoints it kept become points of one sampling run, and λ̂(t) joins the
 * metrics. Two runs behind one face; steps of the sampler count behind those of training.
 */
import type { LlcGroup, LlcResults } from './experiments/llc-results';
import type { TrainingModel } from './experiments/types';
import { CHAINS, type Files } from './files';
import { startRun, type Run, type RunOptions, type RunUpdate } from './run';
import type { RunRecord } from './record';

/** Starts a run with the chains that follow on it. */
export async function startThrough(
  options: RunOptions,
  model: TrainingModel,
  sequel: NonNullable<TrainingModel['sequel']>,
): Promise<Run> {
  const { earlier, onUpdate } = options;
  const training = await startRun(options);
  let sampling: Run | null = null;
  let watched: readonly string[] = [];
  let stopped = false;
  const bytes = earlier?.files?.[CHAINS];
  if (bytes && training.step === model.steps) {
    await beginSampling({ checkpoint: new Uint8Array(bytes), files: earlier?.files });
  }

  async function beginSampling(from?: RunOptions['earlier']): Promise<Run> {
    const points = sequel.build(training.checkpoints(), training.program.layout);
    sampling = await startRun({ ...options, model: points, onUpdate: receive, earlier: from });
    sampling.watch(watched);
    return sampling;
  }

  /** Of the sampling run: its rows are about chains, not about training, and become the curve λ̂(t). */
  function receive(update: RunUpdate): void {
    if (update.type === 'row') return sendCurve();
    if (update.type === 'event') return;
    onUpdate(update);
  }

  function groups(): readonly LlcGroup[] {
    if (!sampling) return [];
    const { checkpoints } = sampling.record().results as LlcResults;
    return checkpoints;
  }

  function sendCurve(): void {
    const found = groups().filter(({ llc }) => llc.mean !== null);
    const data = Float32Array.from(
      found.flatMap(({ step, llc }) => [step ?? 0, llc.mean ?? NaN, llc.standardError ?? NaN]),
    );
    const step = model.steps + (sampling?.step ?? 0);
    onUpdate({ type: 'view', name: 'llc', step, shape: [found.length, 3], data });
  }

  /** λ̂ where it was estimated; a checkpoint between two rows of the table is in the results alone. */
  function amendTable(): void {
    for (const { step, llc } of groups()) {
      if (llc.mean === null || step === null) continue;
      training.amend(step, { llc: [llc.mean], llc_error: [llc.standardError ?? NaN] });
    }
  }

  async function advanceTo(target: number): Promise<number> {
    stopped = false;
    if (training.step < model.steps) await training.advanceTo(Math.min(target, model.steps));
    if (training.step < model.steps || target <= model.steps || stopped) return step();
    const chains = sampling ?? (await beginSampling());
    await chains.advanceTo(target - model.steps);
    amendTable();
    sendCurve();
    return step();
  }

  const step = (): number => training.step + (sampling?.step ?? 0);

  return {
    ...training,
    model,
    total: model.steps + sequel.steps,
    get adapter() {
      return training.adapter;
    },
    get bytes() {
      return training.bytes + (sampling?.bytes ?? 0);
    },
    get program() {
      return training.program;
    },
    get step() {
      return step();
    },
    get stepsPerSecond() {
      return (sampling ?? training).stepsPerSecond;
    },
    advanceTo,
    stop() {
      stopped = true;
      training.stop();
      sampling?.stop();
    },
    watch(views) {
      watched = views;
      training.watch(views);
      sampling?.watch(views);
    },
    setPace(milliseconds) {
      training.setPace(milliseconds);
      sampling?.setPace(milliseconds);
    },
    async files(): Promise<Files> {
      const kept = await training.files();
      if (!sampling) return kept;
      const chains = await sampling.checkpoint();
      return { ...kept, ...(await sampling.files()), [CHAINS]: chains };
    },
    record: () => joinRecords(training.record(), sampling?.record() ?? null, groups()),
    dispose() {
      sampling?.dispose();
      training.dispose();
    },
  };
}

/** The record of the training, with what the chains found. */
function joinRecords(
  training: RunRecord,
  chains: RunRecord | null,
  groups: readonly LlcGroup[],
): RunRecord {
  if (!chains) return { ...training, results: { ...training.results, llc: null } };
  const { path, pathReason } = chains.results as LlcResults;
  return {
    ...training,
    seconds: training.seconds + chains.seconds,
    results: {
      ...training.results,
      llc: { path, pathReason, ...summarizeCurve(groups), checkpoints: groups },
    },
    warnings: [...training.warnings, ...chains.warnings],
  };
}

/** Where λ̂(t) peaks, where it ends, and by how much it fell. */
function summarizeCurve(groups: readonly LlcGroup[]) {
  const known = groups.flatMap(({ step, llc }) =>
    llc.mean === null || step === null
      ? []
      : [{ step, mean: llc.mean, standardError: llc.standardError }],
  );
  const last = known.at(-1);
  if (!last) return { peak: null, final: null, fall: null };
  const peak = known.reduce((best, one) => (one.mean > best.mean ? one : best));
  return { peak, final: last, fall: 1 - last.mean / peak.mean };
}
