/**
 * Opening a device, and all that may go wrong with it later. The only file that asks `navigator.gpu` for anything.
 *
 *     const gpu = await openGpu();            // or openGpu({ device }) with a device that stays yours
 *     … compile, run …
 *     gpu.close();
 */
import { DeviceLost, GpuUnavailable, OutOfMemory } from './errors';

export interface Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterFacts;
  readonly traits: Traits;
  /** Settles, never rejects, when the device is gone. */
  readonly lost: Promise<DeviceLost>;
  /** Throws the first error the device has reported outside any scope, or its loss. */
  check(): void;
  /** Destroys the device if `openGpu` made it; a caller's device is left alone. */
  close(): void;
}

export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software adapter. */
  readonly fallback: boolean;
}

/** What kernels may depend on about the adapter when they choose a variant. */
export interface Traits {
  /** Barriers and workgroup memory are cheap. False on software adapters, where each barrier switches coroutines. */
  readonly barriers: boolean;
  readonly maxWorkgroupsPerDimension: number;
  readonly maxInvocations: number;
  readonly maxWorkgroupBytes: number;
  readonly maxStorageBuffers: number;
  /** Largest buffer that can be bound whole as storage. */
  readonly maxBufferBytes: number;
  /** Invocations of the smallest subgroup, a power of two from 4 on; absent where subgroups are not granted. */
  readonly subgroup?: number;
  /** Numbers can be stored as float16. */
  readonly half?: boolean;
}

export interface OpenOptions {
  /** A device of the caller's; its limits and features are taken as they are, and it is never destroyed. */
  readonly device?: GPUDevice;
  /** Facts about the adapter of `device`, where the caller has them. */
  readonly adapter?: GPUAdapter;
  /** Where to look for adapters: `navigator.gpu` unless given (Dawn in Node hands in its own). */
  readonly gpu?: GPU;
  readonly powerPreference?: GPUPowerPreference;
}

/** Limits worth having more of than the default, taken up to what the adapter offers. */
const WANTED_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;
const WANTED_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];
/** A request can come back empty while the GPU process starts, and for some seconds after a loss while it starts again. */
const RETRY_AFTER_MS = [0, 100, 400, 1000, 1500, 2000] as const;
/** Of them where no device was lost: a page without WebGPU says so at once. */
const FIRST_TRIES = 3;

/** A device was lost, and none opened since. */
let recovering = false;

/** Dawn in Node crashes when its instance is collected while a pipeline compiles, so instances are held until `close`. */
const inUse = new Set<GPU>();

/** Opens a device. Throws `GpuUnavailable` saying what is missing and what to do. */
export async function openGpu(options: OpenOptions = {}): Promise<Gpu> {
  const { device: borrowed, adapter: known, gpu } = options;
  if (borrowed) return wrap(borrowed, known?.info ?? borrowed.adapterInfo, { ours: false });
  const adapter = known ?? (await requestAdapter(options));
  const device = await requestDevice(adapter);
  recovering = false;
  return wrap(device, adapter.info, { ours: true, source: gpu });
}

async function requestAdapter(options: OpenOptions): Promise<GPUAdapter> {
  const gpu = options.gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) {
    throw new GpuUnavailable({
      asked: 'WebGPU',
      limit: 'this runtime has no navigator.gpu',
      remedy: 'Use a recent Chrome, Edge, Safari or Firefox and a secure (https or localhost) page',
    });
  }
  for (const delay of RETRY_AFTER_MS.slice(0, recovering ? undefined : FIRST_TRIES)) {
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const adapter = await gpu.requestAdapter({
      powerPreference: options.powerPreference ?? 'high-performance',
    });
    if (adapter) return adapter;
  }
  throw new GpuUnavailable({
    asked: 'a WebGPU adapter',
    limit: 'none was offered',
    remedy:
      'Update the graphics driver, or start Chrome with --enable-unsafe-webgpu for a blocked or software adapter',
  });
}

async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {};
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  try {
    return await adapter.requestDevice({
      label: 'cusp',
      requiredLimits,
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    });
  } catch (cause) {
    throw new GpuUnavailable(
      {
        asked: 'a device',
        limit: String(cause),
        remedy: 'Close other pages that use the GPU, then reload',
      },
      { cause },
    );
  }
}

interface Origin {
  readonly ours: boolean;
  readonly source?: GPU;
}

function wrap(device: GPUDevice, info: GPUAdapterInfo, { ours, source }: Origin): Gpu {
  if (source) inUse.add(source);
  let latched: Error | null = null;
  const latch = (error: Error): void => void (latched ??= error);
  const onError = (event: GPUUncapturedErrorEvent): void => latch(uncaptured(event.error));
  device.addEventListener('uncapturederror', onError);
  const lost = device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') recovering = true;
    const error = new DeviceLost(reason, {
      asked: `the GPU device (${reason})`,
      limit: message || 'lost',
      remedy: 'Resume from the last checkpoint on a new device',
    });
    latch(error);
    return error;
  });
  return {
    device,
    adapter: describeAdapter(info),
    traits: traitsOf(device, info),
    lost,
    check() {
      if (latched) throw latched;
    },
    close() {
      device.removeEventListener('uncapturederror', onError);
      if (ours) device.destroy();
      if (source) inUse.delete(source);
    },
  };
}

function uncaptured(error: GPUError): Error {
  const text = error.message.split('\n')[0];
  if (error instanceof GPUOutOfMemoryError) {
    return new OutOfMemory({
      asked: 'device memory',
      limit: text,
      remedy: 'Use fewer replicas or a smaller network',
    });
  }
  return new Error(`WebGPU: ${error.message}`);
}

function describeAdapter(info: GPUAdapterInfo): AdapterFacts {
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    description: info.description || info.device || '',
    fallback: isSoftware(info),
  };
}

/** `isFallbackAdapter`, and the names of known software adapters for runtimes that don't set it. */
function isSoftware(info: GPUAdapterInfo): boolean {
  const names = `${info.vendor} ${info.architecture} ${info.description} ${info.device}`;
  return (
    info.isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|warp|microsoft basic render/i.test(names)
  );
}

function traitsOf({ limits, features }: GPUDevice, info: GPUAdapterInfo): Traits {
  return {
    barriers: !isSoftware(info),
    maxWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxInvocations: limits.maxComputeInvocationsPerWorkgroup,
    maxWorkgroupBytes: limits.maxComputeWorkgroupStorageSize,
    maxStorageBuffers: limits.maxStorageBuffersPerShaderStage,
    maxBufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
    // Where the adapter does not say how large, four is the least that WebGPU allows.
    ...(features.has('subgroups') && { subgroup: info.subgroupMinSize || 4 }),
    ...(features.has('shader-f16') && { half: true }),
  };
}
