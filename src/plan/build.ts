/**
 * From phases to what the device replays: buffers, pipelines, bind groups, all made here, once. Sizes are compared with
 * the limits before the first of them is created (DESIGN §6).
 */
import { LimitExceeded, OutOfMemory } from '../gpu/errors';
import { withDeadline } from '../gpu/deadline';
import type { Gpu } from '../gpu/open';
import { pipelineKey, preparePipeline } from '../gpu/pipelines';
import { bytesOf, placeTransients } from './arena';
import { packParams, UNIFORM_ALIGNMENT } from './params';
import type { Block, Dispatch, Phase } from './types';

export interface Plan {
  /** Those that are ready. */
  readonly phases: Readonly<Record<string, readonly Step[]>>;
  /** Waits for a phase of `later`; rejects with what its kernels failed of. */
  ready(phase: string): Promise<readonly Step[]>;
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
  /** Phases that may be ready after the plan is, in the order in which they are wanted. */
  readonly later?: readonly string[];
  /** Told after each pipeline that the plan waits for, for a progress display. */
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
    const binding: Binding = { gpu, buffers, uniform, offsets };
    const { later = [], onKernel } = spec;
    const first = spec.phases.filter(({ name }) => !later.includes(name));
    const phases = await bindPhases(binding, first, onKernel);
    const ready = bindLater(binding, spec, phases);
    return {
      phases,
      ready: (name) => ready.get(name) ?? Promise.resolve(phases[name]),
      kernels: countPipelines(spec.phases),
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
  for (const [label, bytes] of sizes) checkSize(label, bytes, limit, 'binds at most');
}

/** Throws `LimitExceeded`. */
export function checkSize(label: string, bytes: number, limit: number, allows: string): void {
  if (bytes <= limit) return;
  throw new LimitExceeded({
    asked: `a buffer of ${megabytes(bytes)} for ${label}`,
    limit: `this adapter ${allows} ${megabytes(limit)}`,
    remedy: 'Use fewer replicas, a smaller batch or a smaller network',
  });
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

/** What bind groups are made of. */
interface Binding {
  readonly gpu: Gpu;
  readonly buffers: ReadonlyMap<Block, GPUBuffer>;
  readonly uniform: GPUBuffer | null;
  readonly offsets: ReadonlyMap<Dispatch, number>;
}

/** One after the other behind the first steps, so that what is wanted first does not wait for the rest; put into `phases`. */
function bindLater(
  binding: Binding,
  { phases, later = [] }: PlanSpec,
  made: Record<string, readonly Step[]>,
): ReadonlyMap<string, Promise<readonly Step[]>> {
  const ready = new Map<string, Promise<readonly Step[]>>();
  let before: Promise<unknown> = Promise.resolve();
  for (const name of later) {
    const phase = phases.find((one) => one.name === name);
    if (!phase) continue;
    const bound = before.then(async () => {
      Object.assign(made, await bindPhases(binding, [phase]));
      return made[name];
    });
    // Whoever asks for the phase is told; the next one has kernels of its own.
    before = bound.catch(() => undefined);
    ready.set(name, bound);
  }
  return ready;
}

function countPipelines(phases: readonly Phase[]): number {
  const all = phases.flatMap(({ dispatches }) => dispatches);
  return new Set(all.map(({ shader, overrides }) => pipelineKey(shader, overrides))).size;
}

async function bindPhases(
  { gpu, buffers, uniform, offsets }: Binding,
  wanted: readonly Phase[],
  onKernel?: PlanSpec['onKernel'],
): Promise<Record<string, readonly Step[]>> {
  const all = wanted.flatMap(({ dispatches }) => dispatches);
  const pipelines = new Set(
    all.map(({ shader, overrides }) => preparePipeline(gpu, shader, overrides)),
  );
  let ready = 0;
  for (const pipeline of pipelines) {
    void pipeline.then(
      () => onKernel?.(++ready, pipelines.size),
      () => undefined,
    );
  }
  await Promise.all(pipelines);
  const made = await Promise.all(
    wanted.map(({ dispatches }) =>
      Promise.all(
        dispatches.map(({ shader, overrides }) => preparePipeline(gpu, shader, overrides)),
      ),
    ),
  );
  const phases: Record<string, readonly Step[]> = {};
  gpu.device.pushErrorScope('validation');
  wanted.forEach(({ name, dispatches }, k) => {
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
  return phases;
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
