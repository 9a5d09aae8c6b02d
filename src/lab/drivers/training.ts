/** Drives the training of a network: the step, its metrics, evaluations and views are traced nodes of one graph. */
import { compile } from '../../graph/compile';
import type { Advance, Program } from '../../graph/program';
import { interpret } from '../../graph/reference';
import type { TrainingModel } from '../experiments/types';
import type { Driver, Reader } from './types';

/** λ̂ and its standard error, filled in where a checkpoint was sampled. */
export const THROUGH_COLUMNS = ['llc', 'llc_error'] as const;
const METRICS = 'metrics';
const VIEWS = 'views';

export function trainingDriver(model: TrainingModel): Driver {
  const { replicas, evaluation, views: nodes } = model;
  const measured = Object.keys(evaluation);
  const columns = model.sequel ? [...measured, ...THROUGH_COLUMNS] : measured;
  let program: Program | null = null;

  return {
    columns,
    noun: 'replica',
    milestones: model.milestones,
    async open(gpu, onKernel) {
      const spec = trainingSpec(model);
      if (!gpu) {
        program = interpret(spec);
        return { program, bytes: 0, evaluation: METRICS, warnings: [] };
      }
      const compiled = await compile(gpu, spec, { onKernel });
      program = compiled;
      return { program, bytes: compiled.bytes, evaluation: METRICS, warnings: [] };
    },
    read({ firstStep, count, rows }: Advance, to: Reader) {
      const names = program?.metrics ?? [];
      const width = names.length * replicas;
      for (let k = 0; k < count; k++) {
        names.forEach((name, m) => {
          const values = rows.subarray(k * width + m * replicas, k * width + (m + 1) * replicas);
          values.forEach((value, replica) => {
            if (!Number.isFinite(value)) to.lost(firstStep + k, replica);
          });
          to.observe(firstStep + k, name, values);
        });
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
    async views(names) {
      if (!program || Object.keys(nodes).length === 0) return [];
      const { outputs, firstStep } = await program.advance(0, VIEWS);
      return names.flatMap((name) => {
        const node = nodes[name];
        if (!node || !outputs) return [];
        const size = node.shape.reduce((product, extent) => product * extent, 1);
        const data = Float32Array.from(outputs[name].subarray(0, size));
        return [{ name, step: firstStep, shape: node.shape, data }];
      });
    },
    mark: () => undefined,
    files: () => ({}),
    restore: () => undefined,
    truncate: () => undefined,
  };
}

/** The model as a program's spec: the step, and the evaluations of rows and of views. */
export function trainingSpec({
  keys,
  data,
  loss,
  metrics,
  update,
  evaluation,
  views,
}: TrainingModel) {
  return {
    keys,
    data,
    training: { loss, metrics, update },
    evaluations: { [METRICS]: evaluation, [VIEWS]: views },
  };
}
