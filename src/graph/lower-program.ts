/**
 * A program as launches over blocks: gradients, fusion, lowering of the step and of all evaluations, and what the
 * persistent blocks start with. Pure: everything that can be said of a program before there is a device.
 */
import { isData, isParameter } from '../ops/source';
import { recordMetrics, type MetricRing, type Scalars } from '../plan/metrics';
import { createBlock } from '../plan/phase';
import type { After } from '../plan/runner';
import type { Block, Phase, Traits } from '../plan/types';
import { checkSpec } from './check-spec';
import { fuse } from './fuse';
import { gradients } from './grad';
import {
  checkParameterBytes,
  initialParameters,
  layOutParameters,
  type ParameterLayout,
} from './layout';
import type { Output } from './destinations';
import { denseOperand, lowerPhase, type LoweringContext } from './lower';
import type { ProgramSpec, Training, Values } from './program';
import { denseStrides, sizeOf } from './shape';
import type { Graph, Node, Operand } from './types';

/** Name of the phase that is a training step. */
export const STEP = 'step';

/** A program as launches over blocks: all that can be said of it before there is a device. */
export interface LoweredProgram {
  readonly layout: ParameterLayout;
  readonly memory: Memory;
  readonly phases: readonly Phase[];
  readonly ring: MetricRing | null;
  /** Evaluations by name. */
  readonly afters: Readonly<Record<string, NamedAfter>>;
  /** What the persistent blocks start with. */
  readonly values: ReadonlyMap<Block, Values>;
}

/** An evaluation's phase and outputs, with the names they were asked for under. */
export interface NamedAfter extends After {
  readonly names: readonly string[];
}

/** Lowers for an adapter of these traits; pure, so a plan can be looked at where there is none. */
export function lowerProgram(traits: Traits, spec: ProgramSpec): LoweredProgram {
  const graph = checkSpec(spec);
  const layout = layOutParameters(graph);
  checkParameterBytes(layout, spec.keys.length, traits.maxBufferBytes);
  const memory = createMemory(spec, layout);
  const context = createContext(traits, spec, layout, memory);
  const phases: Phase[] = [];
  let ring: MetricRing | null = null;
  if (spec.training) {
    const step = lowerStep(spec.training, layout, memory, context);
    ring = step.ring;
    phases.push(step.phase);
  }
  const afters: Record<string, NamedAfter> = {};
  for (const [name, nodes] of Object.entries(spec.evaluations ?? {})) {
    const { phase, outputs } = lowerEvaluation(name, nodes, context);
    phases.push(phase);
    afters[name] = { phase: name, outputs, names: Object.keys(nodes) };
  }
  return { layout, memory, phases, ring, afters, values: context.values };
}

/** The persistent blocks of a program. */
export interface Memory {
  readonly clock: Block;
  readonly parameters: Block;
  readonly gradients: Block;
  readonly hyper: Block;
  readonly mask: Block | null;
  readonly state: Readonly<Record<string, Block>>;
  readonly scalars: Block | null;
  readonly tables: Readonly<Record<string, Block>>;
  readonly data: Readonly<Record<string, Block>>;
}

function createMemory({ keys, data, training }: ProgramSpec, { stride }: ParameterLayout): Memory {
  // A program without parameters still binds something: WebGPU has no empty buffers.
  const all = Math.max(4, keys.length * stride);
  const floats = (label: string, elements: number): Block =>
    createBlock(label, elements, 'persistent');
  const update = training?.update;
  const mapValues = <V>(
    record: Readonly<Record<string, V>> | undefined,
    block: (name: string, value: V) => Block,
  ) =>
    Object.fromEntries(
      Object.entries(record ?? {}).map(([name, value]) => [name, block(name, value)]),
    );
  return {
    clock: createBlock('clock', 2 + 2 * keys.length, 'persistent', 'u32'),
    parameters: floats('parameters', all),
    gradients: floats('gradients', all),
    hyper: floats(
      'hyperparameters',
      keys.length * Math.max(1, Object.keys(update?.hyper ?? {}).length),
    ),
    mask: training?.mask ? floats('mask', training.mask.length) : null,
    state: Object.fromEntries(
      (update?.state ?? []).map((name) => [name, floats(`optimizer.${name}`, all)]),
    ),
    scalars: update?.scalars?.length
      ? floats('optimizer scalars', keys.length * update.scalars.length)
      : null,
    tables: mapValues(update?.tables, (name, values) => floats(`table ${name}`, values.length)),
    data: mapValues(data, (name, values) =>
      createBlock(name, values.length, 'persistent', values instanceof Uint32Array ? 'u32' : 'f32'),
    ),
  };
}

function createContext(
  traits: Traits,
  spec: ProgramSpec,
  layout: ParameterLayout,
  memory: Memory,
): LoweringContext {
  const { keys, data, training } = spec;
  const values = new Map<Block, Values>([
    [memory.clock, Uint32Array.from([0, 0, ...keys.flat()])],
    [memory.parameters, spec.start ?? initialParameters(layout, keys)],
  ]);
  for (const [name, block] of Object.entries(memory.data)) values.set(block, data[name]);
  if (training) {
    values.set(memory.hyper, hyperTable(training, keys.length));
    values.set(memory.gradients, new Float32Array(memory.gradients.elements));
    if (memory.mask && training.mask) values.set(memory.mask, training.mask);
    for (const block of Object.values(memory.state))
      values.set(block, new Float32Array(block.elements));
    if (memory.scalars) values.set(memory.scalars, new Float32Array(memory.scalars.elements));
    for (const [name, block] of Object.entries(memory.tables))
      values.set(block, training.update.tables[name]);
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
  return { traits, replicas: keys.length, clock: memory.clock, leaf, values, constants: new Map() };
}

/** [R, H] */
export function hyperTable({ update }: Training, replicas: number): Float32Array {
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
  const { loss, metrics, update, mask, observed = loss } = training;
  const parameters = parametersInOrder(loss.graph, layout);
  const traced = Object.values(metrics);
  const wanted = [
    ...gradients(loss, parameters),
    ...traced,
    ...(update.observes ? [observed] : []),
  ];
  const outputs: Output[] = fuse(wanted).map((node, k) => ({
    node,
    destination: k < parameters.length ? gradientPlace(layout, memory.gradients, k) : null,
  }));
  const { to, operands } = lowerPhase(STEP, outputs, context);
  const scalars = operands.slice(parameters.length).map(({ block, offset, replicaStride }) => {
    return { block, offset, stride: replicaStride };
  });
  const own = update.metrics ?? [];
  const computed =
    own.length > 0 ? to.transient('metrics of the update', own.length * to.replicas) : null;
  update.lower(
    {
      size: layout.stride,
      parameters: memory.parameters,
      gradients: memory.gradients,
      mask:
        memory.mask && mask
          ? { block: memory.mask, replicated: mask.length > layout.stride }
          : null,
      state: memory.state,
      scalars: memory.scalars,
      metrics: computed,
      loss: update.observes ? scalars[traced.length] : null,
      hyper: memory.hyper,
      tables: memory.tables,
      clock: memory.clock,
    },
    to,
  );
  const recorded: Scalars[] = Object.keys(metrics).map((name, k) => {
    return { names: [name], ...scalars[k] };
  });
  if (computed) recorded.push({ names: own, block: computed, offset: 0, stride: own.length });
  const ring = recordMetrics(to, memory.clock, recorded);
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
    const block = createBlock(
      `${name}.${names[k]}`,
      sizeOf(node.shape) * copies,
      'persistent',
      node.dtype,
    );
    return { node, destination: denseOperand(block, node) };
  });
  const { to } = lowerPhase(name, outputs, context);
  return { phase: to.finish(), outputs: outputs.map(({ destination }) => destination!.block) };
}
