/** What a build carries of a kernel besides its text: the reflected interface on one line, read back by src/gpu/unpack-shader.ts. */
import { isDeepStrictEqual } from 'node:util';
import { unpackShader } from '../src/gpu/unpack-shader.ts';
import type { ReflectedShader } from './reflect.ts';
import type { Names } from './wgsl-names.ts';

/** Throws where the line would not give the same interface back. */
export function packFacts(shader: ReflectedShader, names: Names): string {
  const { name, bindings, params, overrides, workgroupSize } = shader;
  const ones = [...workgroupSize];
  while (ones.length > 1 && ones.at(-1) === 1) ones.pop();
  const unless = (usual: string, text: string): string[] => (text === usual ? [] : [text]);
  const join = (all: readonly (readonly (string | number)[])[]): string =>
    all.map((words) => words.join(' ')).join();
  const facts = [
    name,
    join(
      bindings.map(({ binding, name, access, element }, k) => [
        ...(binding === (bindings[k - 1]?.binding ?? 0) + 1 ? [] : [binding]),
        name,
        (access === 'read' ? '' : '!') + (names.module.get(name) ?? name),
        ...unless('f32', element.replace(/<(.)32>$/, '$1')),
      ]),
    ),
    join(
      Object.entries(params?.fields ?? {}).map(([name, { type }]) => [
        name,
        names.member.get(name) ?? name,
        ...unless('u32', type),
      ]),
    ),
    join(
      Object.entries(overrides).map(([name, { type, default: value }]) => [
        name,
        value ?? '_',
        ...unless('u32', type),
      ]),
    ),
    ...unless('WORKGROUP', ones.join(' ')),
  ].join('|');
  const { code: _, ...read } = unpackShader(facts, []);
  const { code: __, ...wanted } = shader;
  if (!isDeepStrictEqual(read, wanted))
    throw new Error(`${name}: its interface does not survive packing: ${facts}`);
  return facts;
}
