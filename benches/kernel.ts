/**
 * Contenders for one op: on the device a phase that is replayed n times in one pass, on the CPU the float64 reference and
 * a plain float32 loop. All of them get the inputs of a task and must show its outputs.
 */
import type { Gpu } from '../src/gpu/open';
import { readBuffer } from '../src/gpu/readback';
import { fuse } from '../src/graph/fuse';
import { denseOperand, lowerPhase } from '../src/graph/lower';
import type { LoweringContext } from '../src/graph/lower';
import type { Node } from '../src/graph/types';
import type { Case } from '../src/lab/check/types';
import { isData } from '../src/ops/source';
import { buildPlan } from '../src/plan/build';
import { createBlock } from '../src/plan/phase';
import type { Block, Phase } from '../src/plan/types';
import { replay } from '../src/plan/replay';
import { SEED, compareOutputs } from './task';
import type { Task, Values } from './task';
import type { Contender, Running } from './types';

export const REFERENCE = 'float64 reference';
export const PLAIN = 'plain float32 loop';

/** The reference does about half a GFLOP/s: beyond this it takes too long to be worth waiting for. */
const REFERENCE_FLOPS = 2e8;

/** A variant computes the same as the task's case from the same leaves, in another way. */
export function kernelContender(gpu: Gpu, name: string, task: Task, variant?: Case): Contender {
  return { name, prepare: () => prepareKernel(gpu, task, variant) };
}

async function prepareKernel(gpu: Gpu, task: Task, variant?: Case): Promise<Running> {
  const traced = task.trace(variant);
  const names = Object.keys(traced);
  const context = createContext(gpu, task);
  const fused = fuse(Object.values(traced));
  // What is timed leaves outputs where they come to lie; what is checked is the same with outputs that can be read.
  const timed = lower('timed', fused, context, () => null);
  const kept = fused.map((node, k) =>
    createBlock(names[k], elementsOf(node, task.replicas), 'persistent'),
  );
  const checked = lower('checked', fused, context, (k) => kept[k]);
  if (timed.dispatches.length === 0 && !task.inPlace) throw new Error('nothing is left to launch');
  const plan = await buildPlan(gpu, { phases: [timed, checked], values: context.values });
  const steps = plan.phases[task.inPlace ? 'checked' : 'timed'];
  const { flops, bytes, items } = task;
  return {
    flops,
    bytes,
    items,
    async check() {
      await replay(gpu, plan.phases['checked'], 1);
      const found: Record<string, Float32Array> = {};
      for (const [k, block] of kept.entries()) {
        const content = await readBuffer(gpu, plan.buffer(block), 0, 4 * block.elements);
        found[names[k]] = new Float32Array(content, 0, block.elements);
      }
      compareOutputs(task, found);
    },
    run: (n) => replay(gpu, steps, n),
    dispose: () => plan.dispose(),
  };
}

function elementsOf({ shape, replicated }: Node, replicas: number): number {
  return shape.reduce((size, extent) => size * extent, replicated ? replicas : 1);
}

function lower(
  name: string,
  nodes: readonly Node[],
  context: LoweringContext,
  blockOf: (k: number) => Block | null,
): Phase {
  const outputs = nodes.map((node, k) => {
    const block = blockOf(k);
    return { node, destination: block && denseOperand(block, node) };
  });
  return lowerPhase(name, outputs, context).to.finish();
}

function createContext({ traits }: Gpu, { replicas, values: data }: Task): LoweringContext {
  const clock = createBlock('clock', 2 + 2 * replicas, 'persistent', 'u32');
  // Step 0, and a key for each replica.
  const keys = [...Array(replicas).keys()].flatMap((replica) => [SEED, replica]);
  const values: LoweringContext['values'] = new Map([[clock, Uint32Array.of(0, 0, ...keys)]]);
  const leaves = new Map<string, ReturnType<typeof denseOperand>>();
  return {
    traits,
    replicas,
    clock,
    values,
    constants: new Map(),
    leaf(node) {
      if (!isData(node)) throw new Error(`a bench has data leaves only, not ${node.op.name}`);
      const { name } = node.attributes;
      const known = leaves.get(name);
      if (known) return known;
      const block = createBlock(name, data[name].length, 'persistent', node.dtype);
      values.set(block, data[name]);
      const place = denseOperand(block, node);
      leaves.set(name, place);
      return place;
    },
  };
}

/** Outputs, made once, and what fills them. */
export interface PlainWork {
  readonly outputs: Readonly<Record<string, Float32Array>>;
  run(): void;
}

/** A loop on the CPU over arrays of float32; held to the bounds of the kernels. */
export function plainContender(task: Task, set: (values: Values) => PlainWork): Contender {
  return {
    name: PLAIN,
    on: 'cpu',
    async prepare() {
      const { outputs, run } = set(task.values);
      const { flops, bytes, items } = task;
      return {
        flops,
        bytes,
        items,
        async check() {
          run();
          compareOutputs(task, outputs);
        },
        async run(n) {
          for (let k = 0; k < n; k++) run();
        },
        dispose() {},
      };
    },
  };
}

/** The reference itself, all replicas, as a list that is empty where it would take too long. */
export function referenceContenders(task: Task): Contender[] {
  const { flops, bytes, items, replicas } = task;
  if (task.expect || (flops ?? 0) > REFERENCE_FLOPS) return [];
  const run = async (n: number): Promise<void> => {
    for (let k = 0; k < n; k++) for (let r = 0; r < replicas; r++) task.evaluate(r);
  };
  // Nothing to check: it is what the others are compared with.
  const prepare = async (): Promise<Running> => {
    return { flops, bytes, items, check: async () => {}, run, dispose() {} };
  };
  return [{ name: REFERENCE, on: 'cpu', prepare }];
}
