/** Contenders for one update of a flat buffer of parameters: the fused kernel, its float64 twin, and a plain loop. */
import type { Gpu } from '../src/gpu/open';
import { readBuffer } from '../src/gpu/readback';
import type { ReferenceUpdate, Update } from '../src/graph/update';
import { buildPlan } from '../src/plan/build';
import { beginPhase, createBlock } from '../src/plan/phase';
import type { Block } from '../src/plan/types';
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import { PLAIN, REFERENCE } from './kernel';
import { replay } from '../src/plan/replay';
import type { Contender, Running } from './types';

/** Relative to the largest update. */
const TOLERANCE = 1e-5;
const SEED = 0;

/** Where every contender starts, and where float64 has all of it after one update. */
export interface UpdateTask {
  readonly update: Update;
  readonly size: number;
  readonly start: Float32Array;
  readonly gradients: Float32Array;
  expected(): Float64Array;
}

export function createUpdateTask(update: Update, size: number): UpdateTask {
  const random = createRandom(SEED, 0, streams.probe);
  const draw = (): Float32Array => Float32Array.from({ length: size }, () => random.normal());
  const [start, gradients] = [draw(), draw()];
  let expected: Float64Array | null = null;
  return {
    update,
    size,
    start,
    gradients,
    expected() {
      if (expected) return expected;
      const target = referenceTarget(update, start, gradients);
      update.reference(target);
      return (expected = target.parameters);
    },
  };
}

function referenceTarget(
  update: Update,
  start: Float32Array,
  gradients: Float32Array,
): ReferenceUpdate {
  const zeros = (): Float64Array => new Float64Array(start.length);
  return {
    step: 0,
    seed: SEED,
    replica: 0,
    index: 0,
    parameters: Float64Array.from(start),
    gradients: Float64Array.from(gradients),
    mask: null,
    state: Object.fromEntries(update.state.map((name) => [name, zeros()])),
    scalars: Object.fromEntries((update.scalars ?? []).map((name) => [name, 0])),
    metrics: new Float64Array(update.metrics?.length ?? 0),
    loss: 1,
    hyper: update.hyper as Readonly<Record<string, number>>,
  };
}

/** Parameters and state are read and written, gradients read. */
function countBytes({ update, size }: UpdateTask): number {
  return 4 * size * (3 + 2 * update.state.length);
}

export function updateContender(gpu: Gpu, task: UpdateTask): Contender {
  return { name: 'fused kernel', prepare: () => prepareUpdate(gpu, task) };
}

async function prepareUpdate(gpu: Gpu, task: UpdateTask): Promise<Running> {
  const { update, size } = task;
  const values = new Map<Block, Float32Array | Uint32Array>();
  const place = (label: string, content: Float32Array): Block => {
    const block = createBlock(label, content.length, 'persistent');
    values.set(block, content);
    return block;
  };
  const table = (label: string, columns: number): Block | null =>
    columns > 0 ? place(label, new Float32Array(columns)) : null;
  const each = <T>(names: readonly string[], make: (name: string) => T): Record<string, T> =>
    Object.fromEntries(names.map((name) => [name, make(name)]));
  const clock = createBlock('clock', 4, 'persistent', 'u32');
  values.set(clock, Uint32Array.of(0, 0, SEED, 0));
  const parameters = place('parameters', task.start);
  const phase = beginPhase('update', gpu.traits, 1);
  update.lower(
    {
      size,
      parameters,
      gradients: place('gradients', task.gradients),
      mask: null,
      state: each(update.state, (name) => place(name, new Float32Array(size))),
      scalars: table('scalars', update.scalars?.length ?? 0),
      metrics: table('metrics', update.metrics?.length ?? 0),
      loss: { block: place('loss', Float32Array.of(1)), offset: 0, stride: 0 },
      hyper: place('hyper', Float32Array.from(Object.values(update.hyper) as number[])),
      tables: each(Object.keys(update.tables), (name) => place(name, update.tables[name])),
      clock,
    },
    phase,
  );
  const plan = await buildPlan(gpu, { phases: [phase.finish()], values });
  const steps = plan.phases['update'];
  return {
    bytes: countBytes(task),
    async check() {
      await replay(gpu, steps, 1);
      const found = await readBuffer(gpu, plan.buffer(parameters), 0, 4 * size);
      compareParameters(task, new Float32Array(found));
    },
    run: (n) => replay(gpu, steps, n),
    dispose: () => plan.dispose(),
  };
}

/** Over and over from where the update before ended, as everybody here does. */
export function referenceContender(task: UpdateTask): Contender {
  const { update, start, gradients } = task;
  return {
    name: REFERENCE,
    on: 'cpu',
    async prepare() {
      const target = referenceTarget(update, start, gradients);
      return {
        bytes: countBytes(task),
        check: async () => {},
        async run(n) {
          for (let k = 0; k < n; k++) update.reference(target);
        },
        dispose() {},
      };
    },
  };
}

/** `plain` takes one update of the given number, counted from 0, in place; state starts at zero and is its own. */
export function plainUpdateContender(
  task: UpdateTask,
  plain: (parameters: Float32Array, gradients: Float32Array) => (step: number) => void,
): Contender {
  return {
    name: PLAIN,
    on: 'cpu',
    async prepare() {
      const parameters = task.start.slice();
      const take = plain(parameters, task.gradients);
      let step = 0;
      return {
        bytes: countBytes(task),
        async check() {
          take(step++);
          compareParameters(task, parameters);
        },
        async run(n) {
          for (let k = 0; k < n; k++) take(step++);
        },
        dispose() {},
      };
    },
  };
}

function compareParameters({ start, expected }: UpdateTask, found: Float32Array): void {
  const right = expected();
  let largest = 0;
  for (let i = 0; i < right.length; i++) largest = Math.max(largest, Math.abs(right[i] - start[i]));
  for (let i = 0; i < right.length; i++) {
    // The result is rounded to float32, which for a small step on a large parameter is the larger error.
    const allowed = TOLERANCE * largest + 2 ** -23 * Math.abs(start[i]);
    const error = Math.abs(found[i] - right[i]);
    if (!(error <= allowed))
      throw new Error(`parameter ${i} is off by ${error}, allowed are ${allowed}`);
  }
}
