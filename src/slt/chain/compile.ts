/**
 * Chains on the device: one dispatch takes many steps of all of them, their state on the chip.
 *
 *     const chains = await compileChains(gpu, spec);
 *     const { rows } = await chains.advance(1000);    // a row every spec.rowEvery steps
 */
import type { Chosen } from '../../chip/fit';
import { packState, unpackState } from '../../chip/planes';
import { createChipRunner } from '../../chip/runner';
import type { Gpu } from '../../gpu/open';
import { readBuffer } from '../../gpu/readback';
import type { Program, Snapshot } from '../../graph/program';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import { bytesOf } from '../../plan/arena';
import { buildPlan, type Plan } from '../../plan/build';
import type { Block } from '../../plan/types';
import { lowerChains, PHASE, type LoweredChains } from './lower';
import { keptBy, SCALARS } from './method';
import type { ChainSpec } from './types';

/** A program whose step is a sampler's, with a row of metrics only every `rowEvery` of them. */
export interface ChainProgram extends Program {
  readonly rowEvery: number;
}

export interface DeviceChains extends ChainProgram {
  readonly variant: Chosen;
  /** Distinct pipelines. */
  readonly kernels: number;
  /** Device memory in bytes. */
  readonly bytes: number;
}

export interface ChainOptions {
  /** Told after each pipeline. */
  readonly onKernel?: (ready: number, total: number) => void;
  /** Forces a variant; by size and adapter unless given. */
  readonly variant?: 'lane' | 'team';
}

/**
 * Rows of `advance` are [steps s of it with s mod rowEvery = 0, metrics, R]. Throws `BadConfig`, `ShapeMismatch` or
 * `LimitExceeded` before anything is created on the device.
 */
export async function compileChains(
  gpu: Gpu,
  spec: ChainSpec,
  { onKernel, variant }: ChainOptions = {},
): Promise<DeviceChains> {
  const lowered = lowerChains(gpu.traits, spec, variant);
  const { phase, values, chosen } = lowered;
  const plan = await buildPlan(gpu, { phases: [phase], values, onKernel });
  const runner = createChipRunner({
    gpu,
    plan,
    phase: PHASE,
    ...{ clock: lowered.blocks.clock, ring: lowered.blocks.ring, capacity: lowered.capacity },
    columns: SAMPLER_METRICS.length * spec.keys.length,
    rowEvery: spec.rowEvery,
    flops: lowered.flops,
  });
  let step = 0;
  return {
    layout: spec.layout,
    replicas: spec.keys.length,
    metrics: SAMPLER_METRICS,
    rowEvery: spec.rowEvery,
    limit: runner.limit,
    variant: chosen,
    kernels: plan.kernels,
    bytes: plan.bytes,
    get step() {
      return step;
    },
    async advance(count, evaluation) {
      if (evaluation !== undefined) throw new Error(`no evaluation named '${evaluation}'`);
      const firstStep = step;
      step += count;
      const batch = await runner.submit(count, firstStep);
      return { firstStep, count, ...batch, outputs: null };
    },
    save: () => save(gpu, plan, lowered, spec, step),
    restore(snapshot) {
      restore(gpu, plan, lowered, spec, snapshot);
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
  { blocks }: LoweredChains,
  { layout, keys, sampler }: ChainSpec,
  step: number,
): Promise<Snapshot> {
  const read = async (block: Block): Promise<Float32Array> =>
    new Float32Array(
      await readBuffer(gpu, plan.buffer(block), 0, bytesOf(block)),
      0,
      block.elements,
    );
  const [parameters, all] = await Promise.all([read(blocks.parameters), read(blocks.state)]);
  const kept = { ...keptBy(sampler), places: SCALARS };
  return { step, parameters, ...unpackState(all, kept, keys.length, layout.stride) };
}

function restore(
  gpu: Gpu,
  plan: Plan,
  { blocks }: LoweredChains,
  { layout, keys, sampler }: ChainSpec,
  snapshot: Snapshot,
): void {
  const kept = { ...keptBy(sampler), places: SCALARS };
  const all = packState(snapshot, kept, keys.length, layout.stride);
  const write = (block: Block, values: Float32Array): void =>
    gpu.device.queue.writeBuffer(plan.buffer(block), 0, values as Float32Array<ArrayBuffer>);
  write(blocks.parameters, snapshot.parameters);
  write(blocks.state, all);
}
