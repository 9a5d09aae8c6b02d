/**
 * The interface of a kernel from the line of text that a build makes of it (scripts/wgsl-facts.ts):
 *
 *     name | bindings: number name element, ! behind what is written | fields of params: name type | overrides: name type default | size
 */
import type { OverrideInfo, ParamField, Shader, ShaderBinding } from './shader';

const BYTES: Readonly<Record<string, number>> = { vec2u: 8, vec4u: 16, vec4f: 16 };

/** `text` is the kernel's, or fetches that of a kernel by its name. */
/* @__NO_SIDE_EFFECTS__ */
export function unpackShader(
  facts: string,
  text: string | ((name: string) => Promise<string>),
): Shader {
  const [name, bindings, params, overrides, size] = facts.split('|');
  const workgroupSize = size.split(' ').map(axisOf);
  return {
    name,
    code: typeof text === 'string' ? text : () => text(name),
    bindings: listOf(bindings).map(([binding, name, element, written]) => ({
      name,
      binding: Number(binding),
      access: written ? 'read_write' : 'read',
      element: element as ShaderBinding['element'],
    })),
    params: params === '' ? null : layOut(listOf(params)),
    overrides: Object.fromEntries(
      listOf(overrides).map(([name, type, value]) => [
        name,
        { type, ...(value !== undefined && { default: Number(value) }) } as OverrideInfo,
      ]),
    ),
    workgroupSize: [workgroupSize[0], workgroupSize[1] ?? 1, workgroupSize[2] ?? 1],
  };
}

function listOf(text: string): string[][] {
  return text === '' ? [] : text.split(',').map((one) => one.split(' '));
}

function axisOf(text: string): number | string {
  return /^\d/.test(text) ? Number(text) : text;
}

/** WGSL's layout of a uniform: each field at the next multiple of its own size (all are of 4, 8 or 16 bytes). */
function layOut(members: readonly string[][]): Shader['params'] {
  const fields: Record<string, ParamField> = {};
  let end = 0;
  for (const [name, type] of members) {
    const bytes = BYTES[type] ?? 4;
    const offset = Math.ceil(end / bytes) * bytes;
    fields[name] = { offset, type: type as ParamField['type'] };
    end = offset + bytes;
  }
  return { size: Math.ceil(end / 16) * 16, fields };
}
