/** Training on the device with all state on the chip: a program like that of src/graph/compile.ts, of the same spec. */
import { LimitExceeded } from '../../gpu/errors';
import type { Gpu } from '../../gpu/open';
import type { DeviceProgram } from '../../graph/compile';
import type { ProgramSpec } from '../../graph/program';
import { buildPlan } from '../../plan/build';
import { stagingBytes } from '../../plan/staging';
import type { Chosen } from '../fit';
import { createChipRunner } from '../runner';
import { createSnapshots } from '../snapshots';
import { fitTraining, type Fitted } from './fit';
import { lowerTraining, PHASE } from './lower';
import type { OnChip } from './types';

export interface ChipTraining extends DeviceProgram {
  readonly rowEvery: number;
  readonly variant: Chosen;
}

export interface ChipTrainingOptions {
  /** Told after each pipeline. */
  readonly onKernel?: (ready: number, total: number) => void;
  /** Forces a variant; by size and adapter unless given. */
  readonly variant?: 'lane' | 'team';
  /** A row of metrics at every step s with s mod rowEvery = 0; every step unless given. */
  readonly rowEvery?: number;
}

/**
 * Rows of `advance` are [steps s of it with s mod rowEvery = 0, metrics, R]. Once a replica is not finite its rows hold infinity. Throws
 * `BadConfig`, `ShapeMismatch` or `LimitExceeded` before anything is created on the device.
 *
 *     const program = await compileTraining(gpu, spec, { target: { kind: 'network', … } });
 *     const { rows } = await program.advance(1000);
 */
export async function compileTraining(
  gpu: Gpu,
  spec: ProgramSpec,
  onChip: OnChip,
  { variant, ...options }: ChipTrainingOptions = {},
): Promise<ChipTraining> {
  const fitted = fitTraining(gpu.traits, spec, onChip, variant);
  if ('reason' in fitted) {
    throw new LimitExceeded({
      asked: `on-chip training: ${fitted.reason}`,
      remedy: 'Use the general path',
    });
  }
  return openFitted(gpu, spec, onChip, fitted, options);
}

/** The same where it is known to fit. */
export async function openFitted(
  gpu: Gpu,
  spec: ProgramSpec,
  onChip: OnChip,
  fitted: Fitted,
  { onKernel, rowEvery = 1 }: Omit<ChipTrainingOptions, 'variant'> = {},
): Promise<ChipTraining> {
  const lowered = lowerTraining(gpu.traits, spec, onChip, fitted, rowEvery);
  const { phases, values, blocks, afters, capacity, flops } = lowered;
  const { layout } = fitted.demand;
  const { metrics, update } = fitted.training;
  const replicas = spec.keys.length;
  const staging = stagingBytes(gpu, replicas, blocks.ring, Object.values(afters));
  const plan = await buildPlan(gpu, { phases, values, onKernel });
  const names = Object.keys(metrics);
  const runner = createChipRunner({
    ...{ gpu, plan, phase: PHASE, rowEvery, capacity, flops },
    ...{ clock: blocks.clock, ring: blocks.ring, columns: names.length * replicas },
    ...(lowered.evaluationClock && { evaluationClock: lowered.evaluationClock }),
    stagingBytes: staging,
  });
  const snapshots = createSnapshots({
    ...{ gpu, plan, inOrder: runner.inOrder, blocks, replicas, size: layout.stride },
    kept: { planes: update.state, scalars: {}, places: 0 },
  });
  let step = 0;
  return {
    ...{ layout, replicas, metrics: names, rowEvery, phases },
    limit: runner.limit,
    variant: fitted.chosen,
    kernels: plan.kernels,
    bytes: plan.bytes,
    get step() {
      return step;
    },
    async advance(count, evaluation) {
      const after = evaluation === undefined ? undefined : afters[evaluation];
      if (evaluation !== undefined && !after)
        throw new Error(`no evaluation named '${evaluation}'`);
      const firstStep = step;
      step += count;
      const { outputs: found, ...batch } = await runner.submit(count, firstStep, after);
      const outputs =
        after && Object.fromEntries(after.names.map((name, k) => [name, found[k]] as const));
      return { firstStep, count, ...batch, outputs: outputs ?? null };
    },
    save: () => snapshots.save(step),
    restore(snapshot) {
      snapshots.restore(snapshot);
      step = snapshot.step;
    },
    dispose() {
      runner.dispose();
      plan.dispose();
    },
  };
}
