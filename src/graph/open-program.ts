/** A program wherever it can run: on the device, or in float64 on the CPU. What is not needed is not fetched. */
import type { Gpu } from '../gpu/open';
import type { CompileOptions } from './compile';
import type { Program, ProgramSpec } from './program';

export async function openProgram(
  gpu: Gpu | null,
  spec: ProgramSpec,
  options?: CompileOptions,
): Promise<Program> {
  if (gpu) {
    const { compile } = await import('./compile');
    return compile(gpu, spec, options);
  }
  const { interpret } = await import('./reference');
  return interpret(spec);
}
