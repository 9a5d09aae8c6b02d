/** Compiles shaders with Dawn's null backend: Tint's real diagnostics, no driver. */
import { textOf, type Shader } from '../../src/gpu/shader';
import { openDawn } from '../../scripts/dawn';
import type { OverrideSet } from './overrides';

export interface NullDevice {
  readonly device: GPUDevice;
  /** Held only to keep Dawn's event loop alive as long as the device. */
  readonly gpu: GPU;
}

/** What kernels may be given where it is granted; Dawn's null backend grants both. */
const FEATURES = ['subgroups', 'shader-f16'] as const;

/** A device with the default limits. Destroy it, and drop both, when done. */
export async function openNullDevice(): Promise<NullDevice> {
  const gpu = await openDawn(['backend=null']);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('Dawn has no null backend here');
  return { gpu, device: await adapter.requestDevice({ requiredFeatures: FEATURES }) };
}

/** Every message of the compiler and every validation error; empty when the shader is fit for use. */
export async function compile(
  device: GPUDevice,
  shader: Shader,
  sets: readonly OverrideSet[],
): Promise<string[]> {
  const code = await textOf(shader);
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code, label: shader.name });
  const layout = createLayout(device, shader);
  const { messages } = await module.getCompilationInfo();
  const problems = messages.map((m) => `${m.type} at ${m.lineNum}:${m.linePos}: ${m.message}`);
  const scope = await device.popErrorScope();
  if (scope && problems.length === 0) problems.push(scope.message);
  if (problems.length > 0) return problems;
  for (const constants of sets) {
    device.pushErrorScope('validation');
    device.createComputePipeline({ layout, compute: { module, entryPoint: 'main', constants } });
    const error = await device.popErrorScope();
    if (error) problems.push(`with ${JSON.stringify(constants)}: ${error.message}`);
  }
  return problems;
}

/** The explicit layout that the engine makes from the reflection; Dawn checks the shader against it. */
function createLayout(device: GPUDevice, shader: Shader): GPUPipelineLayout {
  const visibility = GPUShaderStage.COMPUTE;
  const entries: GPUBindGroupLayoutEntry[] = shader.bindings.map(({ binding, access }) => ({
    binding,
    visibility,
    buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
  }));
  if (shader.params) {
    const { size } = shader.params;
    entries.push({ binding: 0, visibility, buffer: { type: 'uniform', minBindingSize: size } });
  }
  return device.createPipelineLayout({
    bindGroupLayouts: [device.createBindGroupLayout({ entries })],
  });
}
