/**
 * What the adapter can do at most, measured with our own kernels at the start of every run: a copy larger than its caches
 * (bytes read and written) and a loop of independent multiply-adds. Shares of a ceiling are shares of these. A kernel whose
 * data fit a cache may pass the first, and then says that it does.
 */
import copyShader from '../shaders/bench/copy.wgsl';
import fmaShader from '../shaders/bench/fma.wgsl';
import type { Gpu } from '../src/gpu/open';
import { readBuffer } from '../src/gpu/readback';
import { copyStrided } from '../src/ops/copy';
import { buildPlan } from '../src/plan/build';
import { beginPhase, createBlock } from '../src/plan/phase';
import type { Block, PhaseBuilder } from '../src/plan/types';
import { runBench } from './harness';
import { replay } from '../src/plan/replay';
import type { Bench, BenchContext, Contender, Result, RunOptions, Row, Running } from './types';

export interface Ceilings {
  readonly copy: Ceiling & { readonly gbs: number };
  readonly fma: Ceiling & { readonly gflops: number };
}

interface Ceiling extends Pick<Row, 'samples' | 'seconds' | 'bytes' | 'flops'> {
  /** The kernel that reached it, in its fastest sample. */
  readonly contender: string;
}

const MIB = 2 ** 20;
const A = 0.75;
const B = 0.5;
/** Eight vec4 a turn, multiply and add. */
const FLOPS_PER_TURN = 8 * 4 * 2;
const WORKGROUP = 64;
/** Vec4s an invocation copies, and elements a workgroup does. */
const PER = 16;
const GRAIN = 4 * WORKGROUP * PER;
/** Words compared at the beginning, in the middle and at the end. */
const COMPARED = 1024;

export const benches: readonly Bench[] = [
  {
    name: 'ceiling/memory',
    title: 'the most bytes a second the adapter moves, read and written',
    unit: 'copies',
    weight: 'light',
    contenders: async ({ gpu }) => [
      copyContender(gpu, 'copy', copyBare),
      copyContender(gpu, 'copy as an op', copyAsOp),
    ],
  },
  {
    name: 'ceiling/arithmetic',
    title: 'the most multiply-adds a second the adapter does, in float32',
    unit: 'runs',
    weight: 'light',
    contenders: async ({ gpu }) => [
      fmaContender(gpu, 'multiply-add, fma()', true),
      fmaContender(gpu, 'multiply-add, x·a + b', false),
    ],
  },
];

/** Runs both benches and takes the best of each; null where one failed, which its result then tells. */
export async function measureCeilings(
  context: BenchContext,
  options: RunOptions,
): Promise<{ readonly ceilings: Ceilings | null; readonly results: readonly Result[] }> {
  const results: Result[] = [];
  for (const bench of benches) results.push(await runBench(bench, context, options));
  // The control counts too, but as what it is.
  const rows = results.flatMap(({ rows: [base, again, ...others] }) => [
    base,
    { ...again, contender: base.contender },
    ...others,
  ]);
  return { results, ceilings: ceilingsOf(rows) };
}

export function ceilingsOf(rows: readonly Row[]): Ceilings | null {
  const copy = fastest(rows, 'bytes');
  const fma = fastest(rows, 'flops');
  if (!copy || !fma) return null;
  const pick = ({ contender, samples, seconds, bytes, flops }: Row): Ceiling => {
    return { contender, samples, seconds, bytes, flops };
  };
  return {
    copy: { gbs: perSecond(copy, 'bytes') / 1e9, ...pick(copy) },
    fma: { gflops: perSecond(fma, 'flops') / 1e9, ...pick(fma) },
  };
}

type Count = 'bytes' | 'flops';

/** In the fastest sample: a ceiling is what was reached once, not what is usual on a busy machine. */
function perSecond(row: Row, count: Count): number {
  return (row[count] ?? 0) / Math.min(...(row.samples ?? []));
}

function fastest(rows: readonly Row[], count: Count): Row | undefined {
  return rows
    .filter((row) => row[count] !== undefined && row.samples)
    .sort((a, b) => perSecond(b, count) - perSecond(a, count))[0];
}

function copyContender(gpu: Gpu, name: string, launch: LaunchCopy): Contender {
  // Larger than the last cache of any card or processor of today, but for software adapters, which caches do not limit.
  const bytes = Math.min(gpu.adapter.fallback ? 16 * MIB : 256 * MIB, gpu.traits.maxBufferBytes);
  const elements = (bytes / 4) & -GRAIN;
  const size = `${Math.round((4 * elements) / MIB)} MiB`;
  return { name: `${name} of ${size}`, prepare: () => prepareCopy(gpu, elements, launch) };
}

type LaunchCopy = (phase: PhaseBuilder, source: Block, result: Block) => void;

/** As programs copy. */
const copyAsOp: LaunchCopy = (phase, source, result) => {
  const dense = (block: Block) => {
    return { block, offset: 0, shape: [block.elements], strides: [1], replicaStride: 0 };
  };
  copyStrided(phase, dense(source), dense(result), 1);
};

/** With as little per element as can be. */
const copyBare: LaunchCopy = (phase, source, result) => {
  const groups = source.elements / GRAIN;
  const overrides = { WORKGROUP, PER };
  phase.launch(copyShader, { bindings: { source, result }, params: {}, overrides, groups });
};

async function prepareCopy(gpu: Gpu, elements: number, launch: LaunchCopy): Promise<Running> {
  const source = createBlock('source', elements, 'persistent', 'u32');
  const result = createBlock('result', elements, 'persistent', 'u32');
  const phase = beginPhase('copy', gpu.traits, 1);
  launch(phase, source, result);
  const words = new Uint32Array(elements);
  for (let i = 0; i < elements; i++) words[i] = Math.imul(i + 1, 0x9e3779b1);
  const plan = await buildPlan(gpu, {
    phases: [phase.finish()],
    values: new Map([[source, words]]),
  });
  const steps = plan.phases['copy'];
  return {
    bytes: 8 * elements,
    async check() {
      await replay(gpu, steps, 1);
      for (const at of [0, elements / 2, elements - COMPARED]) {
        const first = Math.max(0, 4 * Math.floor(at / 4));
        const found = await readBuffer(gpu, plan.buffer(result), 4 * first, 4 * COMPARED);
        new Uint32Array(found).forEach((word, k) => {
          if (word !== words[first + k])
            throw new Error(`word ${first + k} is not that of the source`);
        });
      }
    },
    run: (n) => replay(gpu, steps, n),
    dispose: () => plan.dispose(),
  };
}

function fmaContender(gpu: Gpu, name: string, fused: boolean): Contender {
  return { name, prepare: () => prepareFma(gpu, fused) };
}

async function prepareFma(gpu: Gpu, fused: boolean): Promise<Running> {
  // Enough for every lane of a large card to have several invocations, and for a millisecond of work there.
  const [invocations, turns] = gpu.adapter.fallback ? [2 ** 12, 128] : [2 ** 21, 512];
  const result = createBlock('result', 4 * invocations, 'persistent');
  const phase = beginPhase('fma', gpu.traits, 1);
  phase.launch(fmaShader, {
    bindings: { result },
    params: { a: A, b: B, turns },
    overrides: { WORKGROUP, FUSED: Number(fused) },
    groups: [invocations / WORKGROUP, 1, 1],
  });
  const plan = await buildPlan(gpu, { phases: [phase.finish()], values: new Map() });
  const steps = plan.phases['fma'];
  return {
    flops: invocations * turns * FLOPS_PER_TURN,
    async check() {
      await replay(gpu, steps, 1);
      const bytes = await readBuffer(gpu, plan.buffer(result), 0, 16 * WORKGROUP);
      new Float32Array(bytes).forEach((found, k) => {
        const right = sumAfter(Math.floor(k / 4), k % 4, turns);
        if (!(Math.abs(found - right) <= 1e-5 * right))
          throw new Error(`lane ${k} is ${found}, in float64 it is ${right}`);
      });
    },
    run: (n) => replay(gpu, steps, n),
    dispose: () => plan.dispose(),
  };
}

/** x_n = aⁿ·x₀ + b·(1 − aⁿ)/(1 − a), added up over the eight accumulators. */
function sumAfter(invocation: number, lane: number, turns: number): number {
  const power = A ** turns;
  const limit = (B * (1 - power)) / (1 - A);
  const start = (k: number): number => (invocation % 16) + lane / 4 + k;
  return [...Array(8).keys()].reduce((sum, k) => sum + power * start(k) + limit, 0);
}
