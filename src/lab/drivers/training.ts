/** Drives the training of a network: the step, its metrics, evaluations and views are traced nodes of one graph. */
import type { Gpu } from '../../gpu/open';
import { compile, type CompileOptions, type DeviceProgram } from '../../graph/compile';
import type { Advance, Program } from '../../graph/program';
import { initialParameters, layOutParameters } from '../../graph/layout';
import type { ProgramSpec } from '../../graph/program';
import { sizeOf } from '../../graph/shape';
import type { Node } from '../../graph/types';
import type { TrainingModel } from '../experiments/types';
import type { Driver, Reader, ScheduledEvaluation, View } from './types';

/** λ̂ and its standard error, filled in where a checkpoint was sampled. */
export const THROUGH_COLUMNS = ['llc', 'llc_error'] as const;
const METRICS = 'metrics';
const VIEWS = 'views';
const MEASURES = 'measures';

export function trainingDriver(model: TrainingModel): Driver {
  const { replicas, evaluation, views: nodes, warnings = [] } = model;
  const measured = Object.keys(evaluation);
  const columns = [
    ...measured,
    ...(model.measures?.columns ?? []),
    ...(model.sequel ? THROUGH_COLUMNS : []),
  ];
  let program: Program | null = null;

  return {
    columns,
    noun: 'replica',
    milestones: model.milestones,
    async open(gpu, onKernel, tune) {
      const spec = trainingSpec(model);
      if (!gpu) {
        const { interpret } = await import('../../graph/reference');
        program = interpret(spec);
        return { program, bytes: 0, evaluation: METRICS, warnings };
      }
      await tune?.(gpu, [spec]);
      const compiled = await openOn(gpu, spec, model.chip, { onKernel, later: [VIEWS, MEASURES] });
      program = compiled;
      return { program, bytes: compiled.bytes, evaluation: METRICS, warnings };
    },
    read({ firstStep, count, rows }: Advance, to: Reader) {
      const names = program?.metrics ?? [];
      const width = names.length * replicas;
      const step: Record<string, ArrayLike<number>> = {};
      for (let k = 0; k < count; k++) {
        names.forEach((name, m) => {
          const values = rows.subarray(k * width + m * replicas, k * width + (m + 1) * replicas);
          values.forEach((value, replica) => {
            if (!Number.isFinite(value)) to.lost(firstStep + k, replica);
          });
          step[name] = values;
        });
        to.observe(firstStep + k, step);
      }
    },
    row({ outputs }) {
      return Object.fromEntries(
        measured.map((name) => {
          const found = [...(outputs?.[name] ?? [])];
          const all =
            found.length === replicas ? found : new Array<number>(replicas).fill(found[0]);
          return [name, all];
        }),
      );
    },
    canView: () => !program?.pending?.(VIEWS),
    async views(names) {
      if (!program || Object.keys(nodes).length === 0) return [];
      const { outputs, firstStep } = await program.advance(0, VIEWS);
      return names.flatMap((name) => {
        const node = nodes[name];
        if (!node || !outputs) return [];
        return [viewOf(name, firstStep, node, outputs[name], model.viewsOfAll ? replicas : null)];
      });
    },
    measures: measuresOf(model),
    mark: () => undefined,
    files: () => Promise.resolve({}),
    restore: () => Promise.resolve(),
    truncate: () => undefined,
  };
}

/** On the chip where there is a form for it that fits; what only such runs need is fetched by them. */
async function openOn(
  gpu: Gpu,
  spec: ProgramSpec,
  chip: TrainingModel['chip'],
  options: CompileOptions,
): Promise<DeviceProgram> {
  if (!chip || (chip.prefer === 'auto' && isTooLarge(gpu, spec)))
    return compile(gpu, spec, options);
  const { openTraining } = await import('../../chip/training/open');
  const { prefer } = chip;
  return (await openTraining(gpu, spec, chip.onChip, { prefer, ...options })).program;
}

/** Parameters and gradient of one replica alone are more than a workgroup holds: what fits need not be asked. */
function isTooLarge({ traits }: Gpu, { training }: ProgramSpec): boolean {
  const { stride } = layOutParameters(training!.loss.graph);
  return 2 * 4 * stride > traits.maxWorkgroupBytes;
}

/** One replica's values, or those of all with the replica axis first. */
function viewOf(
  name: string,
  step: number,
  node: Node,
  values: Float32Array | Float64Array,
  replicas: number | null,
): View {
  const size = sizeOf(node.shape);
  if (replicas === null)
    return { name, step, shape: node.shape, data: Float32Array.from(values.subarray(0, size)) };
  const data = new Float32Array(replicas * size);
  for (let r = 0; r < replicas; r++) data.set(ofReplica(values, size, r), r * size);
  return { name, step, shape: [replicas, ...node.shape], data };
}

/** Values [R, …] of a replica; what is shared is [1, …] and everybody's. */
function ofReplica(values: Float32Array | Float64Array, size: number, replica: number) {
  const from = values.length > size ? replica * size : 0;
  return values.subarray(from, from + size);
}

function measuresOf({ measures, replicas }: TrainingModel): ScheduledEvaluation | null {
  if (!measures) return null;
  const { every, nodes, columns, views: shapes } = measures;
  const sizes = Object.entries(nodes).map(([name, node]) => [name, sizeOf(node.shape)] as const);
  return {
    every,
    evaluation: MEASURES,
    read({ outputs, firstStep }) {
      const found = Array.from({ length: replicas }, (_, replica) =>
        measures.finish(
          Object.fromEntries(
            sizes.map(([name, size]) => [name, ofReplica(outputs![name], size, replica)]),
          ),
        ),
      );
      const row = columns.map((name) => [name, found.map(({ scalars }) => scalars[name])] as const);
      const views = Object.entries(shapes).map(([name, shape]) => ({
        name,
        step: firstStep,
        shape,
        data: Float32Array.from(found[0].views[name]),
      }));
      return { row: Object.fromEntries(row), views, vectors: found.map((one) => one.views) };
    },
  };
}

/** Where the replicas start: at the given values, or at the traced ones, and at zero where they are pruned. */
function startOf({ start, mask, keys, loss }: TrainingModel): Float32Array | undefined {
  if (!mask) return start;
  const values = start?.slice() ?? initialParameters(layOutParameters(loss.graph), keys);
  for (let k = 0; k < values.length; k++) values[k] *= mask[k % mask.length];
  return values;
}

/** The model as a program's spec: the step, and the evaluations of rows and of views. */
export function trainingSpec(model: TrainingModel): ProgramSpec {
  const { keys, data, loss, metrics, update, evaluation, views, mask, measures } = model;
  const start = startOf(model);
  return {
    keys,
    data,
    ...(start && { start }),
    training: { loss, metrics, update, ...(mask && { mask }) },
    evaluations: {
      [METRICS]: evaluation,
      [VIEWS]: views,
      ...(measures && { [MEASURES]: measures.nodes }),
    },
  };
}
