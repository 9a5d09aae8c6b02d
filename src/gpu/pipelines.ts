/** Compute pipelines, made once per (shader, overrides) and device, with layouts from the build's reflection. */
import { withDeadline } from './deadline';
import type { Gpu } from './open';
import { textOf, type Shader } from './shader';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const caches = new WeakMap<GPUDevice, Map<string, Promise<Pipeline>>>();

/**
 * The pipeline of a shader with these overrides; compiled in the background on first use, shared after.
 * Rejects with the compiler's words, file and line.
 */
export function preparePipeline(
  gpu: Gpu,
  shader: Shader,
  overrides: Readonly<Record<string, number>>,
): Promise<Pipeline> {
  const cache = caches.get(gpu.device) ?? new Map<string, Promise<Pipeline>>();
  caches.set(gpu.device, cache);
  const key = pipelineKey(shader, overrides);
  const known = cache.get(key);
  if (known) return known;
  const made = compile(gpu, shader, overrides);
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

/** Equal keys, equal pipelines. */
export function pipelineKey(shader: Shader, overrides: Readonly<Record<string, number>>): string {
  const parts = Object.keys(overrides)
    .sort()
    .map((name) => `${name}=${overrides[name]}`);
  return `${shader.name}(${parts.join(',')})`;
}

async function compile(
  gpu: Gpu,
  shader: Shader,
  overrides: Readonly<Record<string, number>>,
): Promise<Pipeline> {
  const { device } = gpu;
  const label = pipelineKey(shader, overrides);
  const code = await textOf(shader);
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code });
  const layout = device.createBindGroupLayout({ label, entries: layoutEntries(shader) });
  const pending = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main', constants: { ...overrides } },
  });
  const scope = device.popErrorScope();
  const [pipeline, error] = await withDeadline(
    gpu,
    `compiling ${label}`,
    Promise.all([pending.catch((cause: unknown) => cause as Error), scope]),
  );
  if (pipeline instanceof Error || error) {
    const { messages } = await module.getCompilationInfo();
    const first = messages.find((message) => message.type === 'error');
    const where = first ? `line ${first.lineNum}: ${first.message}` : '';
    throw new Error(`${label}: ${where || error?.message || (pipeline as Error).message}`);
  }
  return { pipeline, layout };
}

function layoutEntries(shader: Shader): GPUBindGroupLayoutEntry[] {
  const entries: GPUBindGroupLayoutEntry[] = shader.bindings.map(({ binding, access }) => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
  }));
  if (shader.params) {
    entries.push({ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } });
  }
  return entries;
}
