/**
 * What the progress measures cost beside the training they watch, at the schedule of the preset: the steps and rows between two
 * measurements against one measurement. Before timing, every measure of the device must be that of the float64 reference.
 */
import { compile } from '../src/graph/compile';
import type { Program } from '../src/graph/program';
import { interpret } from '../src/graph/reference';
import type { Gpu } from '../src/gpu/open';
import { trainingSpec } from '../src/lab/drivers/training';
import { findPreset } from '../src/lab/experiments';
import { modularAddition } from '../src/lab/experiments/modular-addition';
import type { TrainingModel } from '../src/lab/experiments/types';
import type { Bench, Contender, Row, Running } from './types';

/** Of a measure, as a share of its size, or of 1 where it is smaller: they are read by eye. */
const TOLERANCE = 2e-3;
const MEASURE = 'one measurement';

export const benches: readonly Bench[] = [
  'modular-addition.quick',
  'modular-addition.transformer',
].map((preset) => {
  const model = modularAddition.build(modularAddition.parse(findPreset(preset).config));
  const every = model.measures!.every;
  const training = `${every} steps and their rows`;
  return {
    name: `measures/${preset}`,
    title: `Progress measures of ${preset}, every ${every} steps`,
    unit: 'stretches',
    sweep: true,
    contenders: ({ gpu }) =>
      Promise.resolve([enter(gpu, model, training, train), enter(gpu, model, MEASURE, measure)]),
    conclude: (rows) => concludeShare(rows, training),
  };
});

type Work = (program: Program, model: TrainingModel) => Promise<void>;

/** As the lab runs it: rows on their schedule, submits of a row's length. */
async function train(program: Program, { measures, evaluateEvery }: TrainingModel): Promise<void> {
  for (let left = measures!.every; left > 0; left -= evaluateEvery)
    await program.advance(Math.min(left, evaluateEvery), 'metrics');
}

async function measure(program: Program, { measures }: TrainingModel): Promise<void> {
  const { outputs } = await program.advance(0, 'measures');
  measures!.finish(outputs!);
}

function enter(gpu: Gpu, model: TrainingModel, name: string, work: Work): Contender {
  return {
    name,
    async prepare(): Promise<Running> {
      const spec = trainingSpec(model);
      const program = await compile(gpu, spec);
      return {
        async check() {
          const found = await measuresOf(program, model);
          const right = await measuresOf(interpret(spec), model);
          for (const [measured, value] of Object.entries(right)) {
            const error = Math.abs(found[measured]! - value);
            if (error <= TOLERANCE * Math.max(1, Math.abs(value))) continue;
            throw new Error(`${measured} is ${found[measured]}, in float64 it is ${value}`);
          }
        },
        async run(n) {
          for (let k = 0; k < n; k++) await work(program, model);
        },
        dispose: () => program.dispose(),
      };
    },
  };
}

async function measuresOf(
  program: Program,
  { measures }: TrainingModel,
): Promise<Readonly<Record<string, number>>> {
  const { outputs } = await program.advance(0, 'measures');
  return measures!.finish(outputs!).scalars;
}

function concludeShare(rows: readonly Row[], training: string): string[] {
  const seconds = (name: string): number | undefined =>
    rows.find(({ contender }) => contender === name)?.seconds?.median;
  const [steps, one] = [seconds(training), seconds(MEASURE)];
  if (steps === undefined || one === undefined) return [];
  return [`measuring costs ${((100 * one) / steps).toFixed(1)} % of the training it watches`];
}
