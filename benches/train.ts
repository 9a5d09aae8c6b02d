/** Contenders that train: a program on the device as the lab runs it, and in float64. Both start from the same numbers. */
import type { Gpu } from '../src/gpu/open';
import { compile, type DeviceProgram } from '../src/graph/compile';
import type { Program, ProgramSpec } from '../src/graph/program';
import { interpret } from '../src/graph/reference';
import { advance, paceFor } from './advance';
import { REFERENCE } from './kernel';
import type { Contender, Running } from './types';

/** Steps whose losses must be those of float64 before anything is timed, of so many replicas. */
export const CHECKED_STEPS = 3;
const CHECKED_REPLICAS = 3;
const TOLERANCE = 1e-3;

/** What is trained; the loss is the first metric. */
export interface TrainingTask {
  readonly replicas: number;
  /** Freshly traced for `replicas` replicas, or for fewer. */
  describe(replicas: number): ProgramSpec;
  /** Losses [CHECKED_STEPS][replicas checked], worked out once. */
  losses(): Promise<readonly (readonly number[])[]>;
}

export function createTrainingTask(
  replicas: number,
  describe: (replicas: number) => ProgramSpec,
): TrainingTask {
  let losses: ReturnType<TrainingTask['losses']> | null = null;
  const checked = Math.min(replicas, CHECKED_REPLICAS);
  return {
    replicas,
    describe,
    losses: () => (losses ??= firstLosses(interpret(describe(checked)), checked)),
  };
}

async function firstLosses(program: Program, checked: number): Promise<number[][]> {
  const { replicas, metrics } = program;
  const { rows } = await program.advance(CHECKED_STEPS);
  return Array.from({ length: CHECKED_STEPS }, (_, step) =>
    Array.from({ length: checked }, (_, r) => rows[step * metrics.length * replicas + r]),
  );
}

/** Throws when a loss is not that of float64. */
export function compareLosses(
  found: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
): void {
  right.forEach((row, step) =>
    row.forEach((loss, replica) => {
      if (Math.abs(found[step][replica] - loss) <= TOLERANCE * Math.abs(loss)) return;
      throw new Error(
        `the loss of replica ${replica} at step ${step} is ${found[step][replica]}, in float64 it is ${loss}`,
      );
    }),
  );
}

/** A run is a step of all replicas; the rate counts steps of single ones. Compiled for the general path unless said. */
export function trainingContender(
  gpu: Gpu,
  name: string,
  task: TrainingTask,
  open: (spec: ProgramSpec) => Promise<DeviceProgram> = (spec) => compile(gpu, spec),
): Contender {
  return {
    name,
    async prepare(): Promise<Running> {
      const program = await open(task.describe(task.replicas));
      const pace = paceFor(gpu, program);
      const flops = program.phases[0].dispatches.reduce((sum, { flops }) => sum + flops, 0);
      return {
        flops,
        items: task.replicas,
        async check() {
          const right = await task.losses();
          compareLosses(await firstLosses(program, right[0].length), right);
        },
        run: async (n) => void (await advance(program, n, pace)),
        dispose: () => program.dispose(),
      };
    },
  };
}

/** The interpreter of the same program, on no more replicas than are checked. */
export function interpretedContender(task: TrainingTask): Contender {
  const replicas = Math.min(task.replicas, CHECKED_REPLICAS);
  return {
    name: REFERENCE,
    on: 'cpu',
    async prepare() {
      const program = interpret(task.describe(replicas));
      return {
        items: replicas,
        check: async () => {},
        run: async (n) => void (await program.advance(n)),
        dispose: () => program.dispose(),
      };
    },
  };
}
