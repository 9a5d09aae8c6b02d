/** The same program in float64 on the CPU: the oracle of whole runs, and what a visitor without WebGPU gets. */
import type { References } from '../ops/reference/common';
import { isData, isParameter } from '../ops/source';
import { checkSpec } from './check-spec';
import { evaluateWith } from './evaluate-with';
import { gradients } from './grad';
import {
  checkParameterBytes,
  initialParameters,
  layOutParameters,
  type Key,
  type ParameterLayout,
} from './layout';
import type { Advance, Program, ProgramSpec, Snapshot, Training } from './program';
import { sizeOf } from './shape';
import type { Moment, Node, Tensor } from './types';

/** One replica's numbers. */
interface ReplicaState {
  readonly parameters: Float64Array;
  readonly state: Readonly<Record<string, Float64Array>>;
  readonly scalars: Record<string, number>;
}

/** Parameters and optimiser state of all replicas: beyond this a step would take minutes, and a page runs out of memory. */
const MOST_BYTES = 2 ** 31;
/** Longest stretch without giving the event loop a turn. */
const TURN_MS = 30;

/** With the references of at least the ops that the program has. */
export function interpretWith(references: References, spec: ProgramSpec): Program {
  const graph = checkSpec(spec);
  const layout = layOutParameters(graph);
  const { keys, training } = spec;
  const copies = 1 + (training?.update.state.length ?? 0);
  checkParameterBytes(layout, keys.length, MOST_BYTES, 8 * copies);
  const parameterNodes = graph.nodes.filter(isParameter) as Node[];
  const wanted = training ? wantedNodes(training, parameterNodes) : [];
  const replicas = keys.map((key, r) => {
    const given = spec.start?.subarray(r * layout.stride, (r + 1) * layout.stride);
    return startReplica(layout, training, given ?? initialParameters(layout, [key]));
  });
  const shared = new Map<Node, Tensor>();
  const traced = Object.keys(training?.metrics ?? {});
  const metrics = [...traced, ...(training?.update.metrics ?? [])];
  const computed = new Float64Array(metrics.length - traced.length);
  let step = 0;
  // `step` is where the work is; calls under way have already promised to reach `promised`.
  let promised = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const evaluateAt = (nodes: readonly Node[], replica: number): Tensor[] => {
    const [seed, lane] = keys[replica];
    const moment: Moment = { seed, replica: lane, step, first: keys[0] };
    const feed = (leaf: Node): ArrayLike<number> =>
      feedLeaf(leaf, replica, spec, layout, replicas[replica]);
    return evaluateWith(references, nodes, feed, moment, shared);
  };

  function takeStep(row: Float64Array): void {
    for (let r = 0; r < keys.length; r++) {
      const values = evaluateAt(wanted, r);
      const observed = values[layout.places.length + traced.length]?.data[0] ?? NaN;
      traced.forEach(
        (_, m) => (row[m * keys.length + r] = values[layout.places.length + m].data[0]),
      );
      const at = { step, key: keys[r], r, loss: observed, metrics: computed };
      updateReplica(training!, layout, replicas[r], values, at);
      computed.forEach((value, m) => (row[(traced.length + m) * keys.length + r] = value));
    }
    step++;
  }

  async function run(count: number, evaluation: string | undefined): Promise<Advance> {
    const start = performance.now();
    const firstStep = step;
    const columns = metrics.length * keys.length;
    const rows = new Float64Array(count * columns);
    let turn = start;
    for (let k = 0; k < count; k++) {
      takeStep(rows.subarray(k * columns, (k + 1) * columns));
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    const outputs = evaluation === undefined ? null : runEvaluation(evaluation);
    return {
      firstStep,
      count,
      rows,
      outputs,
      milliseconds: performance.now() - start,
      deviceMilliseconds: null,
    };
  }

  function runEvaluation(name: string): Record<string, Float64Array> {
    const nodes = spec.evaluations?.[name];
    if (!nodes) throw new Error(`no evaluation named '${name}'`);
    const list = Object.values(nodes);
    const perReplica = keys.map((_, r) => evaluateAt(list, r));
    return Object.fromEntries(
      Object.keys(nodes).map((output, k) => {
        const copies = list[k].replicated ? keys.length : 1;
        const size = sizeOf(list[k].shape);
        const all = new Float64Array(copies * size);
        for (let r = 0; r < copies; r++) all.set(perReplica[r][k].data, r * size);
        return [output, all];
      }),
    );
  }

  return {
    layout,
    replicas: keys.length,
    metrics,
    limit: 1_000_000,
    get step() {
      return promised;
    },
    advance(count, evaluation) {
      promised += count;
      const result = queue.then(() => run(count, evaluation));
      queue = result.catch(() => undefined);
      return result;
    },
    async save() {
      await queue;
      return saveReplicas(layout, training, replicas, step);
    },
    restore(snapshot) {
      replicas.forEach((replica, r) => {
        const part = (all: Float32Array): Float32Array =>
          all.subarray(r * layout.stride, (r + 1) * layout.stride);
        replica.parameters.set(part(snapshot.parameters));
        for (const [name, values] of Object.entries(replica.state))
          values.set(part(snapshot.state[name]));
        for (const name of Object.keys(replica.scalars))
          replica.scalars[name] = snapshot.scalars![name][r];
      });
      step = promised = snapshot.step;
    },
    dispose: () => shared.clear(),
  };
}

/** Gradients, traced metrics and, where the update observes it, the loss. */
function wantedNodes(
  { loss, observed, metrics, update }: Training,
  parameters: readonly Node[],
): Node[] {
  const tail = update.observes ? [observed ?? loss] : [];
  return [...gradients(loss, parameters), ...Object.values(metrics), ...tail];
}

function startReplica(
  layout: ParameterLayout,
  training: Training | undefined,
  parameters: Float32Array,
): ReplicaState {
  const state: Record<string, Float64Array> = {};
  for (const name of training?.update.state ?? []) state[name] = new Float64Array(layout.stride);
  const scalars = Object.fromEntries((training?.update.scalars ?? []).map((name) => [name, 0]));
  return { parameters: Float64Array.from(parameters), state, scalars };
}

function feedLeaf(
  leaf: Node,
  replica: number,
  spec: ProgramSpec,
  layout: ParameterLayout,
  { parameters }: ReplicaState,
): ArrayLike<number> {
  if (isData(leaf)) {
    const values = spec.data[leaf.attributes.name];
    if (!leaf.replicated) return values;
    const size = sizeOf(leaf.shape);
    return values.subarray(replica * size, (replica + 1) * size);
  }
  const { name } = (leaf as Node<{ name: string }>).attributes;
  const { offset, size } = layout.places.find((place) => place.name === name)!;
  return parameters.slice(offset, offset + size);
}

function updateReplica(
  { update, mask }: Training,
  layout: ParameterLayout,
  { parameters, state, scalars }: ReplicaState,
  values: readonly Tensor[],
  at: { step: number; key: Key; r: number; loss: number; metrics: Float64Array },
): void {
  const flat = new Float64Array(layout.stride);
  layout.places.forEach(({ offset }, k) => flat.set(values[k].data, offset));
  const hyper: Record<string, number> = {};
  for (const [name, value] of Object.entries(update.hyper)) {
    hyper[name] = typeof value === 'number' ? value : value[at.r];
  }
  const own = mask && mask.length > layout.stride ? at.r * layout.stride : 0;
  update.reference({
    step: at.step,
    seed: at.key[0],
    replica: at.key[1],
    index: at.r,
    parameters,
    gradients: flat,
    mask: mask ? Float64Array.from(mask.subarray(own, own + layout.stride)) : null,
    state,
    scalars,
    metrics: at.metrics,
    loss: at.loss,
    hyper,
  });
}

function saveReplicas(
  layout: ParameterLayout,
  training: Training | undefined,
  replicas: readonly ReplicaState[],
  step: number,
): Snapshot {
  const gather = (pick: (replica: ReplicaState) => Float64Array): Float32Array => {
    const all = new Float32Array(replicas.length * layout.stride);
    replicas.forEach((replica, r) => all.set(pick(replica), r * layout.stride));
    return all;
  };
  const state: Record<string, Float32Array> = {};
  for (const name of training?.update.state ?? [])
    state[name] = gather((replica) => replica.state[name]);
  const parameters = gather((replica) => replica.parameters);
  const names = training?.update.scalars ?? [];
  if (names.length === 0) return { step, parameters, state };
  const column = (name: string): Float32Array =>
    Float32Array.from(replicas, (replica) => replica.scalars[name]);
  return { step, parameters, state, scalars: Object.fromEntries(names.map((n) => [n, column(n)])) };
}
