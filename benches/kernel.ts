/**
 * Contenders for one op: the same parity case that the self-check compares with float64, timed as a phase that is
 * replayed n times in one pass.
 */
import type { Gpu } from '../src/gpu/open';
import { fuse } from '../src/graph/fuse';
import { denseOperand, lowerPhase } from '../src/graph/lower';
import type { LoweringContext } from '../src/graph/lower';
import type { Node } from '../src/graph/types';
import { buildCase, compareCase, excess } from '../src/lab/check/compare';
import type { Case } from '../src/lab/check/types';
import { isData } from '../src/ops/source';
import { buildPlan } from '../src/plan/build';
import { createBlock } from '../src/plan/phase';
import type { Phase } from '../src/plan/types';
import type { Contender, Running } from './types';
import { replay } from './replay';

export interface KernelSpec {
  readonly name: string;
  readonly case: Case;
  readonly replicas?: number;
  /** Gradients of the leaves too, with the probe that they need. Off unless said. */
  readonly gradients?: boolean;
  readonly flops?: number;
  readonly bytes?: number;
}

const SEED = 1;

export function kernelContender(gpu: Gpu, spec: KernelSpec): Contender {
  return { name: spec.name, prepare: () => prepareKernel(gpu, spec) };
}

async function prepareKernel(
  gpu: Gpu,
  { case: parityCase, replicas = 1, gradients = false, flops, bytes }: KernelSpec,
): Promise<Running> {
  const wanted: Case = gradients ? parityCase : withoutGradients(parityCase);
  const { outputs, values } = buildCase(wanted, SEED, replicas);
  const { phase, context } = lowerNodes(gpu, Object.values(outputs), values, replicas);
  const plan = await buildPlan(gpu, { phases: [phase], values: context.values });
  return {
    flops,
    bytes,
    async check() {
      for (const comparison of await compareCase(gpu, wanted, SEED)) {
        if (excess(comparison) <= 1) continue;
        const { where, error, bound } = comparison;
        throw new Error(`wrong: ${where}: off by ${error}, allowed are ${bound}`);
      }
    },
    run: (n) => replay(gpu, plan.phases[phase.name]!, n),
    dispose: () => plan.dispose(),
  };
}

function withoutGradients(parityCase: Case): Case {
  return {
    ...parityCase,
    build: (graph, draw) => ({ ...parityCase.build(graph, draw), gradients: undefined }),
  };
}

function lowerNodes(
  gpu: Gpu,
  nodes: readonly Node[],
  data: Readonly<Record<string, Float32Array | Uint32Array>>,
  replicas: number,
): { phase: Phase; context: LoweringContext } {
  const clock = createBlock('clock', 2 + 2 * replicas, 'persistent', 'u32');
  const values = new Map([[clock, new Uint32Array(clock.elements).fill(SEED)]] as const);
  const context: LoweringContext = {
    traits: gpu.traits,
    replicas,
    clock,
    values: values as LoweringContext['values'],
    constants: new Map(),
    leaf(node) {
      if (!isData(node)) throw new Error(`a bench has data leaves only, not ${node.op.name}`);
      const operand = leaves.get(node.attributes.name);
      if (operand) return operand;
      const content = data[node.attributes.name]!;
      const block = createBlock(node.attributes.name, content.length, 'persistent', node.dtype);
      context.values.set(block, content);
      const place = denseOperand(block, node);
      leaves.set(node.attributes.name, place);
      return place;
    },
  };
  const leaves = new Map<string, ReturnType<typeof denseOperand>>();
  const outputs = fuse(nodes).map((node) => ({ node, destination: null }));
  return { phase: lowerPhase('bench', outputs, context).to.finish(), context };
}
