/** A program wherever it can run: on the device, or in float64 on the CPU. What is not needed is not fetched. */
import type { Gpu } from '../gpu/open';
import { isData, isParameter } from '../ops/source';
import { checkSpec } from './check-spec';
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
  const { interpretWith } = await import('./interpret-with');
  const { COMMON, findReference } = await import('../ops/reference/common');
  // Ops that have rare gradients are rare themselves.
  const rare = checkSpec(spec).nodes.some(
    (node) => !isParameter(node) && !isData(node) && !findReference(node.op, COMMON),
  );
  if (!rare) return interpretWith(COMMON, spec);
  const { REFERENCES } = await import('../ops/reference');
  return interpretWith(REFERENCES, spec);
}
