/**
 * A kernel from what a build makes of it: the line of text that is its interface (scripts/wgsl-facts.ts), and its WGSL without the
 * declarations that the line tells, which are put back behind it:
 *
 *     name | bindings: name short element | fields of params: name short type | overrides: name default type | size
 *
 * `short` is a name's in WGSL. Bindings count from 1, or from the number before a name; ! is before the short name of what is written.
 * An element is f32 unless told, a type u32, the size WORKGROUP; an override that must be given has _ for its default.
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
  const [name, bindings, params, overrides, size = [['WORKGROUP']]] = facts
    .split('|')
    .map((part) => (part === '' ? [] : part.split(',').map((one) => one.split(' '))));
  const [x, y = 1, z = 1] = size[0].map((axis) => (/^\d/.test(axis) ? Number(axis) : axis));
  const buffers = readBindings(bindings);
  const complete = (parts: Parts): string =>
    [...parts, ...declare(buffers, params, overrides)].join('\n');
  return {
    name: name[0][0],
    code: typeof text === 'function' ? () => text(name[0][0]).then(complete) : complete(text),
    bindings: buffers.map(({ name, binding, access, element }) => ({
      name,
      binding,
      access,
      element: element.replace(/^(vec\d)(.)$/, '$1<$232>'),
    })),
    params: params.length > 0 ? layOut(params) : null,
    overrides: Object.fromEntries(
      overrides.map(([name, value, type = 'u32']) => [
        name,
        { type, ...(value !== '_' && { default: Number(value) }) } as OverrideInfo,
      ]),
    ),
    workgroupSize: [x, y, z],
  };
}

interface Buffer extends ShaderBinding {
  readonly short: string;
}

function readBindings(bindings: readonly string[][]): Buffer[] {
  let binding = 0;
  return bindings.map((words) => {
    const numbered = /^\d/.test(words[0]);
    binding = numbered ? Number(words[0]) : binding + 1;
    const [name, short, element = 'f32'] = words.slice(numbered ? 1 : 0);
    const written = short.startsWith('!');
    return {
      name,
      binding,
      short: written ? short.slice(1) : short,
      access: written ? 'read_write' : 'read',
      element,
    };
  });
}

function declare(
  buffers: readonly Buffer[],
  params: readonly string[][],
  overrides: readonly string[][],
): string[] {
  const bound = (binding: number, rest: string): string =>
    `@group(0)@binding(${binding})var<${rest};`;
  const fields = params.map(([, short, type = 'u32']) => `${short}:${type},`);
  return [
    ...(fields.length > 0
      ? [`struct Params{${fields.join('')}}`, bound(0, `uniform>${PARAMS}:Params`)]
      : []),
    ...buffers.map(({ binding, short, access, element }) =>
      bound(binding, `storage,${access}>${short}:array<${element}>`),
    ),
    ...overrides.map(([name, value, type = 'u32']) => {
      const start = type === 'bool' ? value !== '0' : value;
      return `override ${name}:${type}${value === '_' ? '' : `=${start}`};`;
    }),
  ];
}

/** WGSL's layout of a uniform: each field at the next multiple of its own size (all are of 4, 8 or 16 bytes). */
function layOut(members: readonly string[][]): Shader['params'] {
  const fields: Record<string, ParamField> = {};
  let end = 0;
  for (const [name, , type = 'u32'] of members) {
    const bytes = BYTES[type] ?? 4;
    const offset = Math.ceil(end / bytes) * bytes;
    fields[name] = { offset, type: type as ParamField['type'] };
    end = offset + bytes;
  }
  return { size: Math.ceil(end / 16) * 16, fields };
}
