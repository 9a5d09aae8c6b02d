/**
 * A kernel from what a build makes of it: the line of text that is its interface (scripts/wgsl-facts.ts), and its WGSL without the
 * declarations that the line tells, which are put back behind it. `short` is a name's in WGSL:
 *
 *     name | bindings: number name short element, ! behind what is written | fields of params: name short type | overrides: name type default | size
 */
import type { OverrideInfo, ParamField, Shader, ShaderBinding } from './shader';

/** What WGSL calls `params` in a build. */
export const PARAMS = 'p';
type Parts = readonly string[];

const BYTES: Readonly<Record<string, number>> = { vec2u: 8, vec4u: 16, vec4f: 16 };

/** `text` is the kernel's in parts, or fetches that of a kernel by its name. */
/* @__NO_SIDE_EFFECTS__ */
export function unpackShader(
  facts: string,
  text: Parts | ((name: string) => Promise<Parts>),
): Shader {
  const [name, bindings, params, overrides, size] = facts
    .split('|')
    .map((part) => (part === '' ? [] : part.split(',').map((one) => one.split(' '))));
  const [x, y = 1, z = 1] = size[0].map((axis) => (/^\d/.test(axis) ? Number(axis) : axis));
  const complete = (parts: Parts): string =>
    [...parts, ...declare(bindings, params, overrides)].join('\n');
  return {
    name: name[0][0],
    code: typeof text === 'function' ? () => text(name[0][0]).then(complete) : complete(text),
    bindings: bindings.map(([binding, name, , element, written]) => ({
      name,
      binding: Number(binding),
      access: written ? 'read_write' : 'read',
      element: element as ShaderBinding['element'],
    })),
    params: params.length > 0 ? layOut(params) : null,
    overrides: Object.fromEntries(
      overrides.map(([name, type, value]) => [
        name,
        { type, ...(value !== undefined && { default: Number(value) }) } as OverrideInfo,
      ]),
    ),
    workgroupSize: [x, y, z],
  };
}

function declare(
  bindings: readonly string[][],
  params: readonly string[][],
  overrides: readonly string[][],
): string[] {
  const bound = (binding: number | string, rest: string): string =>
    `@group(0)@binding(${binding})var<${rest};`;
  const fields = params.map(([, short, type]) => `${short}:${type},`);
  return [
    ...(fields.length > 0
      ? [`struct Params{${fields.join('')}}`, bound(0, `uniform>${PARAMS}:Params`)]
      : []),
    ...bindings.map(([binding, , short, element, written]) =>
      bound(binding, `storage,read${written ? '_write' : ''}>${short}:array<${element}>`),
    ),
    ...overrides.map(([name, type, value]) => {
      const start = type === 'bool' ? value && value !== '0' : value;
      return `override ${name}:${type}${value === undefined ? '' : `=${start}`};`;
    }),
  ];
}

/** WGSL's layout of a uniform: each field at the next multiple of its own size (all are of 4, 8 or 16 bytes). */
function layOut(members: readonly string[][]): Shader['params'] {
  const fields: Record<string, ParamField> = {};
  let end = 0;
  for (const [name, , type] of members) {
    const bytes = BYTES[type] ?? 4;
    const offset = Math.ceil(end / bytes) * bytes;
    fields[name] = { offset, type: type as ParamField['type'] };
    end = offset + bytes;
  }
  return { size: Math.ceil(end / 16) * 16, fields };
}
