/** Checkpoints as a model of the lab: its steps are those of the training, and each checkpoint gives a row of the table. */
import { compile } from '../../graph/compile';
import type { Advance, Program } from '../../graph/program';
import { interpret } from '../../graph/reference';
import type { Gpu } from '../../gpu/open';
import type { MeasureValues } from '../../interp/types';
import { checkMeasured } from './progress-check';
import { readMeasuredFile, writeMeasured } from './progress-files';
import { fitWeights } from './progress-fit';
import { HITS, LOSSES, MEASURE, traceMeasured, type MeasuredGraph } from './progress-graph';
import { averagePairs, LOSS_COLUMNS, sumOfSquares } from './progress-losses';
import { measuringProgram, type Frame } from './progress-program';
import { summarizeMeasured } from './progress-results';
import type { ProgressConfig } from './progress-schema';
import type { MeasuredSource } from './progress-source';
import type { SamplingModel } from './types';

type OnKernel = (ready: number, total: number) => void;

/** Throws BadCheckpoint or BadConfig before anything is made. */
export function measuringModel(config: ProgressConfig, source: MeasuredSource): SamplingModel {
  checkMeasured(source.config, config);
  const given = typeof config.keys === 'string' ? null : config.keys;
  const trace = (keys: readonly number[] | null): MeasuredGraph =>
    traceMeasured(source.config, source.split, { keys, seed: config.seed });
  let graph = trace(given);
  const frames: readonly Frame[] = source.checkpoints.map(({ step, weights }) => ({
    step,
    parameters: fitWeights(weights, graph.layout, source.nameOf),
  }));
  const measured = new Map<number, MeasureValues>();
  const warnings = [...source.warnings];
  // A series is seen by the frequencies that it ends with; one network has its own.
  let unsettled = config.keys === 'final' && frames.length > 1;

  async function open(gpu: Gpu | null, onKernel: OnKernel) {
    if (unsettled) await settleKeys(gpu, onKernel);
    const { program, bytes } = await start(gpu, graph, frames[0].parameters, onKernel);
    const facade = measuringProgram(program, frames);
    return { program: facade, bytes, evaluation: MEASURE, warnings };
  }

  async function settleKeys(gpu: Gpu | null, onKernel: OnKernel): Promise<void> {
    const { program } = await start(gpu, graph, frames.at(-1)!.parameters, onKernel);
    try {
      const { outputs } = await program.advance(0, MEASURE);
      const { views } = graph.measures.finish(outputs!);
      const keys = [...views['key_frequencies']].flatMap((on, k) => (on > 0 ? [k + 1] : []));
      if (keys.length > 0) graph = trace(keys);
      else warnings.push('the last checkpoint has no key frequency: each has its own');
      unsettled = false;
    } finally {
      program.dispose();
    }
  }

  function row(): Readonly<Record<string, readonly number[]>> {
    const last = [...measured.values()].at(-1);
    return Object.fromEntries(
      columnsOf(graph).map((name) => [name, last ? [last.scalars[name]] : []]),
    );
  }

  return {
    experiment: 'progress-measures',
    config,
    seed: config.seed,
    replicas: 1,
    steps: frames.at(-1)!.step,
    evaluateEvery: 1,
    evaluateAt: frames.map(({ step }) => step),
    columns: columnsOf(graph),
    open,
    take({ firstStep, count, outputs }: Advance) {
      if (!outputs) return [];
      const frame = frames.find(({ step }) => step === firstStep + count)!;
      const { scalars, views } = graph.measures.finish(outputs);
      const own = averagePairs(outputs[LOSSES], outputs[HITS], source.split);
      const all = { ...own, weight_norm: sumOfSquares(frame.parameters), ...scalars };
      measured.set(frame.step, { scalars: all, views });
      return [];
    },
    row,
    view(name) {
      const last = [...measured.values()].at(-1);
      const shape = graph.measures.views[name];
      if (!last || !shape || !last.views[name]) return null;
      return { shape, data: Float32Array.from(last.views[name]) };
    },
    mark: () => undefined,
    files: () => Promise.resolve(writeMeasured(measured, graph.measures.views)),
    restore(files, step) {
      for (const [at, values] of readMeasuredFile(files, step)) measured.set(at, values);
      return Promise.resolve();
    },
    truncate(step) {
      for (const at of [...measured.keys()]) if (at > step) measured.delete(at);
    },
    summarize: () =>
      summarizeMeasured(
        source,
        measured,
        columnsOf(graph),
        given ? 'given' : config.keys === 'current' ? 'current' : 'final',
      ),
  };
}

function columnsOf({ measures }: MeasuredGraph): readonly string[] {
  return [...LOSS_COLUMNS, 'weight_norm', ...measures.columns];
}

async function start(
  gpu: Gpu | null,
  graph: MeasuredGraph,
  parameters: Float32Array,
  onKernel: OnKernel,
): Promise<{ readonly program: Program; readonly bytes: number }> {
  const spec = graph.spec(parameters);
  if (!gpu) return { program: interpret(spec), bytes: 0 };
  const program = await compile(gpu, spec, { onKernel });
  return { program, bytes: program.bytes };
}
