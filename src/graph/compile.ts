/**
 * Compiling a traced model for the device: gradients, fusion, lowering, one plan for the step and all evaluations.
 *
 *     const program = await compile(gpu, { keys: [[0, 0]], data, training: { loss, metrics: { loss }, update } });
 *     const { rows } = await program.advance(100);
 */
import type { Gpu } from '../gpu/open';
import { readBuffer } from '../gpu/readback';
import { isData, isParameter } from '../ops/source';
import { bytesOf } from '../plan/arena';
import { buildPlan, type Plan } from '../plan/build';
import { recordMetrics, type MetricRing } from '../plan/metrics';
import { createBlock } from '../plan/phase';
import { createRunner, type After } from '../plan/runner';
import type { Block, Phase } from '../plan/types';
import { checkSpec } from './check-spec';
import { fuse } from './fuse';
import { gradients } from './grad';
import {
  checkParameterBytes,
  initialParameters,
  layOutParameters,
  type ParameterLayout,
} from './layout';
import { denseOperand, lowerPhase, type LoweringContext, type Output } from './lower';
import type { Program, ProgramSpec, Snapshot, Training, Values } from './program';
import { denseStrides, sizeOf } from './shape';
import type { Graph, Node, Operand } from './types';

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
  /** Told after each pipeline. */
  readonly onKernel?: (ready: number, total: number) => void;
}

const STEP = 'step';

/** Throws `BadConfig`, `ShapeMismatch` or `LimitExceeded` before anything is created on the device. */
export async function compile(
  gpu: Gpu,
  spec: ProgramSpec,
  options: CompileOptions = {},
): Promise<DeviceProgram> {
  const graph = checkSpec(spec);
  const layout = layOutParameters(graph);
  checkParameterBytes(layout, spec.keys.length, gpu.traits.maxBufferBytes);
  const memory = createMemory(spec, layout);
  const context = createContext(gpu, spec, layout, memory);

  const phases: Phase[] = [];
  let ring: MetricRing | null = null;
  if (spec.training) {
    const step = lowerStep(spec.training, layout, memory, context);
    ring = step.ring;
    phases.push(step.phase);
  }
  const afters: Record<string, After & { readonly names: readonly string[] }> = {};
  for (const [name, nodes] of Object.entries(spec.evaluations ?? {})) {
    const { phase, outputs } = lowerEvaluation(name, nodes, context);
    phases.push(phase);
    afters[name] = { phase: name, outputs, names: Object.keys(nodes) };
  }

  const plan = await buildPlan(gpu, { phases, values: context.values, onKernel: options.onKernel });
  const runner = createRunner({
    gpu,
    plan,
    step: ring ? { phase: STEP, ring } : null,
    outputBytes: Math.max(
      0,
      ...Object.values(afters).map(({ outputs }) => outputs.reduce((sum, block) => sum + bytesOf(block), 0)),
    ),
  });
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
      if (evaluation !== undefined && !after) throw new Error(`no evaluation named '${evaluation}'`);
      const firstStep = step;
      step += count;
      const batch = await runner.submit(count, firstStep, after);
      const { rows, milliseconds } = batch;
      const outputs =
        after && Object.fromEntries(after.names.map((name, k) => [name, batch.outputs[k]] as const));
      return { firstStep, count, rows, milliseconds, outputs: outputs ?? null };
    },
    save: () => save(gpu, plan, memory, step),
    restore(snapshot) {
      restore(gpu, plan, memory, snapshot);
      step = snapshot.step;
    },
    dispose() {
      runner.dispose();
      plan.dispose();
    },
  };
}

/** The persistent blocks of a program. */
interface Memory {
  readonly clock: Block;
  readonly parameters: Block;
  readonly gradients: Block;
  readonly hyper: Block;
  readonly mask: Block | null;
  readonly state: Readonly<Record<string, Block>>;
  readonly tables: Readonly<Record<string, Block>>;
  readonly data: Readonly<Record<string, Block>>;
}

function createMemory({ keys, data, training }: ProgramSpec, { stride }: ParameterLayout): Memory {
  // A program without parameters still binds something: WebGPU has no empty buffers.
  const all = Math.max(4, keys.length * stride);
  const floats = (label: string, elements: number): Block => createBlock(label, elements, 'persistent');
  const update = training?.update;
  const mapValues = <V>(record: Readonly<Record<string, V>> | undefined, block: (name: string, value: V) => Block) =>
    Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, block(name, value)]));
  return {
    clock: createBlock('clock', 2 + 2 * keys.length, 'persistent', 'u32'),
    parameters: floats('parameters', all),
    gradients: floats('gradients', all),
    hyper: floats('hyperparameters', keys.length * Math.max(1, Object.keys(update?.hyper ?? {}).length)),
    mask: training?.mask ? floats('mask', training.mask.length) : null,
    state: Object.fromEntries((update?.state ?? []).map((name) => [name, floats(`optimizer.${name}`, all)])),
    tables: mapValues(update?.tables, (name, values) => floats(`table ${name}`, values.length)),
    data: mapValues(data, (name, values) =>
      createBlock(name, values.length, 'persistent', values instanceof Uint32Array ? 'u32' : 'f32'),
    ),
  };
}

function createContext(
  gpu: Gpu,
  spec: ProgramSpec,
  layout: ParameterLayout,
  memory: Memory,
): LoweringContext {
  const { keys, data, training } = spec;
  const values = new Map<Block, Values>([
    [memory.clock, Uint32Array.from([0, 0, ...keys.flat()])],
    [memory.parameters, initialParameters(layout, keys)],
  ]);
  for (const [name, block] of Object.entries(memory.data)) values.set(block, data[name]);
  if (training) {
    values.set(memory.hyper, hyperTable(training, keys.length));
    values.set(memory.gradients, new Float32Array(memory.gradients.elements));
    if (memory.mask && training.mask) values.set(memory.mask, training.mask);
    for (const block of Object.values(memory.state)) values.set(block, new Float32Array(block.elements));
    for (const [name, block] of Object.entries(memory.tables)) values.set(block, training.update.tables[name]);
  }
  const places = new Map(layout.places.map((place) => [place.name, place]));
  const leaf = (node: Node): Operand => {
    if (isData(node)) return denseOperand(memory.data[node.attributes.name], node);
    if (!isParameter(node)) throw new Error(`${node.op.name} is no leaf`);
    const { offset } = places.get(node.attributes.name)!;
    return {
      block: memory.parameters,
      offset,
      shape: node.shape,
      strides: denseStrides(node.shape),
      replicaStride: layout.stride,
    };
  };
  return { traits: gpu.traits, replicas: keys.length, clock: memory.clock, leaf, values, constants: new Map() };
}

/** [R, H] */
function hyperTable({ update }: Training, replicas: number): Float32Array {
  const columns = Object.values(update.hyper);
  const table = new Float32Array(Math.max(1, columns.length) * replicas);
  for (let r = 0; r < replicas; r++) {
    columns.forEach((value, h) => {
      table[r * columns.length + h] = typeof value === 'number' ? value : value[r];
    });
  }
  return table;
}

/** Forward, backward, update, metrics. */
function lowerStep(
  training: Training,
  layout: ParameterLayout,
  memory: Memory,
  context: LoweringContext,
): { phase: Phase; ring: MetricRing } {
  const { loss, metrics, update, mask } = training;
  const parameters = parametersInOrder(loss.graph, layout);
  const wanted = [...gradients(loss, parameters), ...Object.values(metrics)];
  const outputs: Output[] = fuse(wanted).map((node, k) => ({
    node,
    destination: k < parameters.length ? gradientPlace(layout, memory.gradients, k) : null,
  }));
  const { to, operands } = lowerPhase(STEP, outputs, context);
  update.lower(
    {
      size: layout.stride,
      parameters: memory.parameters,
      gradients: memory.gradients,
      mask: memory.mask && mask ? { block: memory.mask, replicated: mask.length > layout.stride } : null,
      state: memory.state,
      hyper: memory.hyper,
      tables: memory.tables,
      clock: memory.clock,
    },
    to,
  );
  const ring = recordMetrics(
    to,
    memory.clock,
    Object.keys(metrics).map((name, k) => {
      const { block, offset, replicaStride } = operands[parameters.length + k];
      return { name, block, offset, stride: replicaStride };
    }),
  );
  return { phase: to.finish(), ring };
}

function parametersInOrder(graph: Graph, layout: ParameterLayout): Node[] {
  const byName = new Map<string, Node>();
  for (const node of graph.nodes) if (isParameter(node)) byName.set(node.attributes.name, node);
  return layout.places.map(({ name }) => byName.get(name)!);
}

function gradientPlace(layout: ParameterLayout, block: Block, k: number): Operand {
  const { offset, shape } = layout.places[k];
  return { block, offset, shape, strides: denseStrides(shape), replicaStride: layout.stride };
}

function lowerEvaluation(
  name: string,
  nodes: Readonly<Record<string, Node>>,
  context: LoweringContext,
): { phase: Phase; outputs: Block[] } {
  const names = Object.keys(nodes);
  const fused = fuse(Object.values(nodes));
  const outputs = fused.map((node, k): Output => {
    const copies = node.replicated ? context.replicas : 1;
    const block = createBlock(`${name}.${names[k]}`, sizeOf(node.shape) * copies, 'persistent', node.dtype);
    return { node, destination: denseOperand(block, node) };
  });
  const { to } = lowerPhase(name, outputs, context);
  return { phase: to.finish(), outputs: outputs.map(({ destination }) => destination!.block) };
}

async function save(gpu: Gpu, plan: Plan, memory: Memory, step: number): Promise<Snapshot> {
  const read = async (block: Block): Promise<Float32Array> =>
    new Float32Array(await readBuffer(gpu, plan.buffer(block), 0, bytesOf(block)), 0, block.elements);
  const names = Object.keys(memory.state);
  const blocks = [memory.parameters, ...names.map((name) => memory.state[name])];
  const [parameters, ...values] = await Promise.all(blocks.map(read));
  return { step, parameters, state: Object.fromEntries(names.map((name, k) => [name, values[k]])) };
}

function restore(gpu: Gpu, plan: Plan, memory: Memory, snapshot: Snapshot): void {
  const write = (block: Block, values: Values): void =>
    gpu.device.queue.writeBuffer(plan.buffer(block), 0, values as Float32Array<ArrayBuffer>);
  write(memory.parameters, snapshot.parameters);
  for (const [name, block] of Object.entries(memory.state)) write(block, snapshot.state[name]);
  write(memory.clock, Uint32Array.of(snapshot.step));
}
