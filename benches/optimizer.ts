/**
 * The fused updates over flat buffers of a million parameters: those of optimisers are bound by memory, those of samplers by the
 * numbers they draw.
 */
import type { Gpu } from '../src/gpu/open';
import { readBuffer } from '../src/gpu/readback';
import type { Update } from '../src/graph/update';
import { adamw } from '../src/optim/adamw';
import { sampler } from '../src/optim/sampler';
import type { Method } from '../src/optim/sampler/options';
import { sgd } from '../src/optim/sgd';
import { buildPlan } from '../src/plan/build';
import type { Plan } from '../src/plan/build';
import { beginPhase, createBlock } from '../src/plan/phase';
import type { Block } from '../src/plan/types';
import { createRandom } from '../src/random/random';
import { streams } from '../src/random/streams';
import type { Bench, Contender, Running } from './types';
import { replay } from './replay';

const SIZE = 1 << 20;
/** Relative to the largest update. */
const TOLERANCE = 1e-5;

const updates: readonly Update[] = [
  adamw({ lr: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 1 }),
  sgd({ lr: 1e-2, momentum: 0.9, weightDecay: 1e-2 }),
  sgd({ lr: 1e-2 }),
];

function chain(method: Method): Update {
  const [anchor, mask] = [new Float32Array(SIZE), new Float32Array(SIZE).fill(1)];
  return sampler({ method, lr: 1e-4, nbeta: 100, localization: 1, anchor, mask });
}

export const benches: readonly Bench[] = [
  {
    name: 'optimizer',
    title: `one update of ${SIZE.toLocaleString('en')} parameters`,
    unit: 'updates',
    contenders: async ({ gpu }) => updates.map((update) => createContender(gpu, update)),
  },
  {
    name: 'sampler',
    title: `one step of a chain of ${SIZE.toLocaleString('en')} parameters`,
    unit: 'steps',
    contenders: async ({ gpu }) =>
      (['sgld', 'rmsprop-sgld', 'sgnht', 'mala'] as const).map((method) =>
        createContender(gpu, chain(method)),
      ),
  },
];

function createContender(gpu: Gpu, update: Update): Contender {
  return {
    name: update.state.length > 0 ? `${update.name}, ${update.state.length} state` : update.name,
    prepare: () => prepareUpdate(gpu, update),
  };
}

async function prepareUpdate(gpu: Gpu, update: Update): Promise<Running> {
  const random = createRandom(0, 0, streams.probe);
  const draw = (): Float32Array => Float32Array.from({ length: SIZE }, () => random.normal());
  const floats = (label: string, content: Float32Array): [Block, Float32Array] => [
    createBlock(label, content.length, 'persistent'),
    content,
  ];
  const [parameters, start] = floats('parameters', draw());
  const [gradients, slope] = floats('gradients', draw());
  const hyper = floats('hyper', Float32Array.from(Object.values(update.hyper) as number[]));
  const state = update.state.map((name) => floats(name, new Float32Array(SIZE)));
  const tables = Object.entries(update.tables).map(([name, table]) => floats(name, table));
  const named = (names: readonly string[], pairs: readonly [Block, Float32Array][]) =>
    Object.fromEntries(names.map((name, k) => [name, pairs[k]![0]]));
  const scalars = floats('scalars', new Float32Array(Math.max(1, update.scalars?.length ?? 0)));
  const metrics = floats('metrics', new Float32Array(Math.max(1, update.metrics?.length ?? 0)));
  const loss = floats('loss', Float32Array.of(1));
  const clock = createBlock('clock', 4, 'persistent', 'u32');
  const phase = beginPhase('update', gpu.traits, 1);
  update.lower(
    {
      size: SIZE,
      parameters,
      gradients,
      mask: null,
      state: named(update.state, state),
      scalars: update.scalars?.length ? scalars[0] : null,
      metrics: metrics[0],
      loss: { block: loss[0], offset: 0, stride: 0 },
      hyper: hyper[0],
      tables: named(Object.keys(update.tables), tables),
      clock,
    },
    phase,
  );
  const values = new Map<Block, Float32Array | Uint32Array>([
    [parameters, start],
    [gradients, slope],
    [clock, new Uint32Array(4)],
    hyper,
    scalars,
    metrics,
    loss,
    ...state,
    ...tables,
  ]);
  const plan = await buildPlan(gpu, { phases: [phase.finish()], values });
  return {
    // Parameters and state are read and written, gradients read.
    bytes: 4 * SIZE * (3 + 2 * update.state.length),
    check: () => checkUpdate(gpu, plan, update, { parameters, start, slope }),
    run: (n) => replay(gpu, plan.phases['update']!, n),
    dispose: () => plan.dispose(),
  };
}

/** One update from the start on the device, element by element against the float64 twin. */
async function checkUpdate(
  gpu: Gpu,
  plan: Plan,
  update: Update,
  { parameters, start, slope }: { parameters: Block; start: Float32Array; slope: Float32Array },
): Promise<void> {
  await replay(gpu, plan.phases['update']!, 1);
  const found = new Float32Array(await readBuffer(gpu, plan.buffer(parameters), 0, 4 * SIZE));
  const expected = Float64Array.from(start);
  update.reference({
    step: 0,
    seed: 0,
    replica: 0,
    index: 0,
    parameters: expected,
    gradients: Float64Array.from(slope),
    mask: null,
    state: Object.fromEntries(update.state.map((name) => [name, new Float64Array(SIZE)])),
    scalars: Object.fromEntries((update.scalars ?? []).map((name) => [name, 0])),
    metrics: new Float64Array(update.metrics?.length ?? 0),
    loss: 1,
    hyper: update.hyper as Readonly<Record<string, number>>,
  });
  let largest = 0;
  for (let i = 0; i < SIZE; i++) largest = Math.max(largest, Math.abs(expected[i]! - start[i]!));
  for (let i = 0; i < SIZE; i++) {
    // The result is rounded to float32, which for a small step on a large parameter is the larger error.
    const allowed = TOLERANCE * largest + 2 ** -23 * Math.abs(start[i]!);
    const error = Math.abs(found[i]! - expected[i]!);
    if (!(error <= allowed))
      throw new Error(`parameter ${i} is off by ${error}, allowed are ${allowed}`);
  }
}
