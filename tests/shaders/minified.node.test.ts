/** What a build carries of each kernel: the same interface, and every one compiled by Dawn's null backend. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadShader, reflectShader } from '../../scripts/reflect';
import { chooseNames, minify } from '../../scripts/wgsl-minify';
import { listShaders } from '../../scripts/wgsl-source';
import type { Shader } from '../../src/gpu/shader';
import { compile, openNullDevice, type NullDevice } from './dawn-null';
import { OVERRIDES } from './overrides';

const names = chooseNames();

/** Without the names that the host does not look up in the text. */
function interfaceOf({ bindings, params, overrides, workgroupSize }: Shader): unknown {
  return {
    bindings: bindings.map(({ binding, access, element }) => ({
      binding,
      access,
      // An element of a struct has a name of its own.
      element: names.get(element) ?? element,
    })),
    params: params && { size: params.size, fields: Object.values(params.fields) },
    overrides,
    workgroupSize,
  };
}

describe('a minified kernel', () => {
  let dawn: NullDevice | undefined;
  beforeAll(async () => {
    dawn = await openNullDevice();
  });
  afterAll(() => {
    dawn?.device.destroy();
    dawn = undefined;
  });

  test.each(listShaders())('%s keeps its interface and compiles', async (file) => {
    const { shader } = loadShader(file);
    const code = minify(shader.code, names);
    // wgsl_reflect wants the uniform by the name that the convention gives it.
    const params = names.get('params') ?? 'params';
    const Params = names.get('Params') ?? 'Params';
    const read = code
      .replaceAll(new RegExp(`\\b${params}\\b`, 'g'), 'params')
      .replaceAll(new RegExp(`\\b${Params}\\b`, 'g'), 'Params');
    expect(interfaceOf(reflectShader(file, read))).toEqual(interfaceOf(shader));
    const sets = OVERRIDES[shader.name] ?? [];
    const complete = Object.values(shader.overrides).every((one) => one.default !== undefined);
    const all = complete ? [{}, ...sets] : sets;
    expect(await compile(dawn!.device, { ...shader, code }, all)).toEqual([]);
  });
});

test('names are short, and no two become the same', () => {
  expect(new Set(names.values()).size).toBe(names.size);
  for (const [name, short] of names) expect(short.length, name).toBeLessThanOrEqual(3);
});

describe('minify', () => {
  const short = new Map([
    ['total', 'q'],
    ['group', 'k'],
    ['place', 'm'],
  ]);
  test.each([
    ['let total = 1.0 - -0.50 ;', 'let q=1.- -.50;'],
    ['total += a / *place;', 'q+=a/ *m;'],
    ['let total = a >> 2u; // no', 'let q=a>>2u;'],
    ['var total: array<vec4<f32>> = place;', 'var q:array<vec4<f32>> =m;'],
    [
      '@group(0) @binding(1) var<storage, read> group: array<f32>;',
      '@group(0)@binding(1)var<storage,read>k:array<f32>;',
    ],
    [
      'fn main(@builtin(group) group: vec3u) { return group.x; }',
      'fn main(@builtin(group)k:vec3u){return k.x;}',
    ],
    ['total = a && !place;', 'q=a&& !m;'],
    ['total = max(a[1], place,\n);', 'q=max(a[1],m);'],
    ['let total = 10.0f + 0x1Fu + 1e-6 + 0x1p-23;', 'let q=10.f+0x1Fu+1e-6+0x1p-23;'],
  ])('%s', (code, expected) => {
    expect(minify(code, short)).toBe(expected);
  });
});
