/** The same program in float64 on the CPU: the oracle of whole runs, and what a visitor without WebGPU gets. */
import { isData, isParameter } from '../ops/source';
import { checkSpec } from './check-spec';
import { evaluate } from './evaluate';
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
}

/** Parameters and optimiser state of all replicas: beyond this a step would take minutes, and a page runs out of memory. */
const MOST_BYTES = 2 ** 31;
/** Longest stretch without giving the event loop a turn. */
const TURN_MS = 30;

export function interpret(spec: ProgramSpec): Program {
  const graph = checkSpec(spec);
  const layout = layOutParameters(graph);
  const { keys, training } = spec;
  const copies = 1 + (training?.update.state.length ?? 0);
  checkParameterBytes(layout, keys.length, MOST_BYTES, 8 * copies);
  const parameterNodes = graph.nodes.filter(isParameter) as Node[];
  const wanted = training
    ? [...gradients(training.loss, parameterNodes), ...Object.values(training.metrics)]
    : [];
  const replicas = keys.map((_, r) =>
    startReplica(layout, training, initialParameters(layout, [keys[r]])),
  );
  const shared = new Map<Node, Tensor>();
  const metrics = Object.keys(training?.metrics ?? {});
  let step = 0;
  // `step` is where the work is; calls under way have already promised to reach `promised`.
  let promised = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const evaluateAt = (nodes: readonly Node[], replica: number): Tensor[] => {
    const [seed, lane] = keys[replica];
    const moment: Moment = { seed, replica: lane, step };
    const feed = (leaf: Node): ArrayLike<number> =>
      feedLeaf(leaf, replica, spec, layout, replicas[replica]);
    return evaluate(nodes, feed, moment, shared);
  };

  function takeStep(row: Float64Array): void {
    for (let r = 0; r < keys.length; r++) {
      const values = evaluateAt(wanted, r);
      metrics.forEach(
        (_, m) => (row[m * keys.length + r] = values[layout.places.length + m].data[0]),
      );
      updateReplica(training!, layout, replicas[r], values, { step, key: keys[r], r });
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
      });
      step = promised = snapshot.step;
    },
    dispose: () => shared.clear(),
  };
}

function startReplica(
  layout: ParameterLayout,
  training: Training | undefined,
  parameters: Float32Array,
): ReplicaState {
  const state: Record<string, Float64Array> = {};
  for (const name of training?.update.state ?? []) state[name] = new Float64Array(layout.stride);
  return { parameters: Float64Array.from(parameters), state };
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
  { parameters, state }: ReplicaState,
  values: readonly Tensor[],
  at: { step: number; key: Key; r: number },
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
    parameters,
    gradients: flat,
    mask: mask ? Float64Array.from(mask.subarray(own, own + layout.stride)) : null,
    state,
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
  return { step, parameters: gather((replica) => replica.parameters), state };
}
