/**
 * From phases to what the device replays: buffers, pipelines, bind groups, all made here, once. Sizes are compared with
 * the limits before the first of them is created (DESIGN §6).
 */
import { LimitExceeded, OutOfMemory } from '../gpu/errors';
import { withDeadline } from '../gpu/deadline';
import type { Gpu } from '../gpu/open';
import { preparePipeline } from '../gpu/pipelines';
import { bytesOf, placeTransients } from './arena';
import { packParams, UNIFORM_ALIGNMENT } from './params';
import type { Block, Dispatch, Phase } from './types';

export interface Plan {
  readonly phases: Readonly<Record<string, readonly Step[]>>;
  /** The buffer of a persistent block. */
  buffer(block: Block): GPUBuffer;
  /** Device memory in bytes: persistent blocks, arena, params. */
  readonly bytes: number;
  /** Distinct pipelines. */
  readonly kernels: number;
  dispose(): void;
}

/** One entry of the flat list that a step is. */
export interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface PlanSpec {
  readonly phases: readonly Phase[];
  /** Persistent blocks with the values they start with; others that the phases bind start at zero. */
  readonly values: ReadonlyMap<Block, Float32Array | Uint32Array>;
  /** Told after each pipeline, for a progress display. */
  readonly onKernel?: (ready: number, total: number) => void;
}

/** Throws `LimitExceeded` naming the block that is too large, `OutOfMemory` when the device has no room. */
export async function buildPlan(gpu: Gpu, spec: PlanSpec): Promise<Plan> {
  const { device } = gpu;
  const arena = placeTransients(spec.phases);
  const persistent = persistentBlocks(spec);
  checkSizes(gpu, persistent, arena.bytes);

  const made: GPUBuffer[] = [];
  const create = (label: string, size: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ label, size, usage });
    made.push(buffer);
    return buffer;
  };
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const buffers = new Map<Block, GPUBuffer>();
  for (const block of persistent) {
    const buffer = create(block.label, bytesOf(block), storage);
    const values = spec.values.get(block);
    if (values) device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
    buffers.set(block, buffer);
  }
  const slots = arena.bytes.map((size, slot) =>
    create(`slot ${slot}`, size, GPUBufferUsage.STORAGE),
  );
  for (const [block, slot] of arena.slots) buffers.set(block, slots[slot]);
  const { uniform, offsets } = uploadParams(device, spec.phases, create);
  const scopes = Promise.all([device.popErrorScope(), device.popErrorScope()]);

  const dispose = (): void => made.forEach((buffer) => buffer.destroy());
  try {
    const [invalid, exhausted] = await withDeadline(gpu, 'allocating the plan', scopes);
    if (exhausted) {
      throw new OutOfMemory({
        asked: `${megabytes(totalBytes(made))} of device memory`,
        limit: exhausted.message.split('\n')[0],
        remedy: 'Use fewer replicas, a smaller batch or a smaller network',
      });
    }
    if (invalid) throw new Error(`allocating the plan: ${invalid.message}`);
    const { phases, kernels } = await bindPhases(gpu, spec, buffers, uniform, offsets);
    return {
      phases,
      kernels,
      bytes: totalBytes(made),
      dispose,
      buffer(block) {
        const buffer = buffers.get(block);
        if (!buffer || block.kind !== 'persistent')
          throw new Error(`'${block.label}' has no buffer of its own`);
        return buffer;
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

function persistentBlocks({ phases, values }: PlanSpec): Block[] {
  const found = new Set<Block>(values.keys());
  for (const { dispatches } of phases) {
    for (const { bindings } of dispatches) {
      for (const block of Object.values(bindings))
        if (block.kind === 'persistent') found.add(block);
    }
  }
  return [...found];
}

function checkSizes(gpu: Gpu, persistent: readonly Block[], slots: readonly number[]): void {
  const limit = gpu.traits.maxBufferBytes;
  const sizes: [string, number][] = persistent.map((block) => [`'${block.label}'`, bytesOf(block)]);
  slots.forEach((bytes, slot) => sizes.push([`intermediate values (slot ${slot})`, bytes]));
  for (const [label, bytes] of sizes) {
    if (bytes > limit) {
      throw new LimitExceeded({
        asked: `a buffer of ${megabytes(bytes)} for ${label}`,
        limit: `this adapter binds at most ${megabytes(limit)}`,
        remedy: 'Use fewer replicas, a smaller batch or a smaller network',
      });
    }
  }
}

/** All params in one uniform buffer, a 256-byte place for each distinct content. */
function uploadParams(
  device: GPUDevice,
  phases: readonly Phase[],
  create: (label: string, size: number, usage: number) => GPUBuffer,
): { uniform: GPUBuffer | null; offsets: Map<Dispatch, number> } {
  const offsets = new Map<Dispatch, number>();
  const known = new Map<string, number>();
  const chunks: Uint8Array[] = [];
  let end = 0;
  for (const { dispatches } of phases) {
    for (const dispatch of dispatches) {
      const layout = dispatch.shader.params;
      if (!layout) continue;
      const chunk = new Uint8Array(Math.ceil(layout.size / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT);
      packParams(new DataView(chunk.buffer), 0, dispatch);
      const key = chunk.join();
      let offset = known.get(key);
      if (offset === undefined) {
        offset = end;
        known.set(key, offset);
        chunks.push(chunk);
        end += chunk.length;
      }
      offsets.set(dispatch, offset);
    }
  }
  if (end === 0) return { uniform: null, offsets };
  const all = new Uint8Array(end);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  const uniform = create('params', end, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  device.queue.writeBuffer(uniform, 0, all);
  return { uniform, offsets };
}

async function bindPhases(
  gpu: Gpu,
  spec: PlanSpec,
  buffers: ReadonlyMap<Block, GPUBuffer>,
  uniform: GPUBuffer | null,
  offsets: ReadonlyMap<Dispatch, number>,
): Promise<{ phases: Record<string, Step[]>; kernels: number }> {
  const wanted = new Set(
    spec.phases.flatMap(({ dispatches }) =>
      dispatches.map(({ shader, overrides }) => preparePipeline(gpu, shader, overrides)),
    ),
  );
  let ready = 0;
  for (const pipeline of wanted) {
    void pipeline.then(
      () => spec.onKernel?.(++ready, wanted.size),
      () => undefined,
    );
  }
  await Promise.all(wanted);
  const made = await Promise.all(
    spec.phases.map(({ dispatches }) =>
      Promise.all(
        dispatches.map(({ shader, overrides }) => preparePipeline(gpu, shader, overrides)),
      ),
    ),
  );
  const phases: Record<string, Step[]> = {};
  gpu.device.pushErrorScope('validation');
  spec.phases.forEach(({ name, dispatches }, k) => {
    phases[name] = dispatches.map((dispatch, at) => {
      const { pipeline, layout } = made[k][at];
      const group = gpu.device.createBindGroup({
        label: dispatch.label,
        layout,
        entries: groupEntries(dispatch, buffers, uniform, offsets),
      });
      const [x, y, z] = dispatch.groups;
      return { pipeline, group, x, y, z };
    });
  });
  const error = await withDeadline(gpu, 'binding the plan', gpu.device.popErrorScope());
  if (error) throw new Error(`binding the plan: ${error.message}`);
  return { phases, kernels: wanted.size };
}

function groupEntries(
  dispatch: Dispatch,
  buffers: ReadonlyMap<Block, GPUBuffer>,
  uniform: GPUBuffer | null,
  offsets: ReadonlyMap<Dispatch, number>,
): GPUBindGroupEntry[] {
  const { shader, bindings } = dispatch;
  const entries: GPUBindGroupEntry[] = shader.bindings.map(({ name, binding }) => {
    const block = bindings[name];
    return { binding, resource: { buffer: buffers.get(block)!, size: bytesOf(block) } };
  });
  if (shader.params && uniform) {
    const resource = {
      buffer: uniform,
      offset: offsets.get(dispatch) ?? 0,
      size: shader.params.size,
    };
    entries.push({ binding: 0, resource });
  }
  return entries;
}

function totalBytes(buffers: readonly GPUBuffer[]): number {
  return buffers.reduce((sum, { size }) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 0)} MiB`;
}
