/**
 * Compiling a traced model for the device: gradients, fusion, lowering, one plan for the step and all evaluations.
 *
 *     const program = await compile(gpu, { keys: [[0, 0]], data, training: { loss, metrics: { loss }, update } });
 *     const { rows } = await program.advance(100);
 */
import type { Gpu } from '../gpu/open';
import { readBuffer } from '../gpu/readback';
import { bytesOf } from '../plan/arena';
import { buildPlan, type Plan } from '../plan/build';
import { createRunner } from '../plan/runner';
import { stagingBytes } from '../plan/staging';
import type { Block, Phase } from '../plan/types';
import { lowerProgram, STEP, type Memory } from './lower-program';
import type { Program, ProgramSpec, Snapshot } from './program';

/** A program on the device, with what only a device has to tell. */
export interface DeviceProgram extends Program {
  /** All phases as launches, for `lab run --plan`. */
  readonly phases: readonly Phase[];
  /** Device memory in bytes. */
  readonly bytes: number;
  /** Distinct pipelines. */
  readonly kernels: number;
}

export interface CompileOptions {
  /**
   * Evaluations whose kernels may be compiled while the first steps run, in the order in which they are wanted. Asking for one
   * before it is ready waits, and what is asked for after it waits too.
   */
  readonly later?: readonly string[];
  /** Told after each pipeline that is waited for. */
  readonly onKernel?: (ready: number, total: number) => void;
}

/** Throws `BadConfig`, `ShapeMismatch` or `LimitExceeded` before anything is created on the device. */
export async function compile(
  gpu: Gpu,
  spec: ProgramSpec,
  options: CompileOptions = {},
): Promise<DeviceProgram> {
  const lowered = lowerProgram(gpu.traits, spec);
  const { layout, memory, phases, ring, afters, values } = lowered;
  const staging = stagingBytes(gpu, spec.keys.length, ring?.block ?? null, Object.values(afters));
  const plan = await buildPlan(gpu, { phases, values, ...options });
  const runner = createRunner({
    gpu,
    plan,
    step: ring ? { phase: STEP, ring } : null,
    stagingBytes: staging,
  });
  const scalars = spec.training?.update.scalars ?? [];
  let step = 0;

  return {
    layout,
    replicas: spec.keys.length,
    metrics: ring?.names ?? [],
    limit: runner.limit,
    phases,
    bytes: plan.bytes,
    kernels: plan.kernels,
    get step() {
      return step;
    },
    async advance(count, evaluation) {
      const after = evaluation === undefined ? undefined : afters[evaluation];
      if (evaluation !== undefined && !after)
        throw new Error(`no evaluation named '${evaluation}'`);
      const firstStep = step;
      step += count;
      const batch = await runner.submit(count, firstStep, after);
      const { rows, milliseconds, deviceMilliseconds } = batch;
      const outputs =
        after &&
        Object.fromEntries(after.names.map((name, k) => [name, batch.outputs[k]] as const));
      const times = { milliseconds, deviceMilliseconds };
      return { firstStep, count, rows, ...times, outputs: outputs ?? null };
    },
    pending: (evaluation) =>
      evaluation in plan.phases ? null : plan.ready(evaluation).then(() => undefined),
    async save() {
      const at = step;
      return runner.inOrder(() => save(gpu, plan, memory, { step: at, scalars }));
    },
    restore(snapshot) {
      const values = valuesOf(memory, snapshot, scalars);
      void runner.inOrder(() => {
        for (const [block, array] of values)
          gpu.device.queue.writeBuffer(plan.buffer(block), 0, array);
      });
      step = snapshot.step;
    },
    dispose() {
      runner.dispose();
      plan.dispose();
    },
  };
}

async function save(
  gpu: Gpu,
  plan: Plan,
  memory: Memory,
  { step, scalars }: { step: number; scalars: readonly string[] },
): Promise<Snapshot> {
  const read = async (block: Block): Promise<Float32Array> =>
    new Float32Array(
      await readBuffer(gpu, plan.buffer(block), 0, bytesOf(block)),
      0,
      block.elements,
    );
  const names = Object.keys(memory.state);
  const blocks = [memory.parameters, ...names.map((name) => memory.state[name])];
  if (memory.scalars) blocks.push(memory.scalars);
  const [parameters, ...values] = await Promise.all(blocks.map(read));
  const state = Object.fromEntries(names.map((name, k) => [name, values[k]]));
  if (!memory.scalars) return { step, parameters, state };
  const table = values[names.length];
  const column = (k: number): Float32Array =>
    Float32Array.from(
      { length: table.length / scalars.length },
      (_, r) => table[r * scalars.length + k],
    );
  const columns = Object.fromEntries(scalars.map((name, k) => [name, column(k)]));
  return { step, parameters, state, scalars: columns };
}

/** What a snapshot puts where: copies, for writing them may have to wait, and the arrays are the caller's. */
function valuesOf(
  memory: Memory,
  snapshot: Snapshot,
  scalars: readonly string[],
): [Block, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>][] {
  const values: ReturnType<typeof valuesOf> = [
    [memory.parameters, snapshot.parameters.slice()],
    [memory.clock, Uint32Array.of(snapshot.step)],
  ];
  for (const [name, block] of Object.entries(memory.state))
    values.push([block, snapshot.state[name].slice()]);
  if (memory.scalars) {
    const table = new Float32Array(memory.scalars.elements);
    scalars.forEach((name, k) =>
      snapshot.scalars![name].forEach((value, r) => (table[r * scalars.length + k] = value)),
    );
    values.push([memory.scalars, table]);
  }
  return values;
}
