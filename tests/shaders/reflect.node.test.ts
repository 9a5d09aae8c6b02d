import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadShader, reflectShader } from '../../scripts/reflect';
import { declare } from '../../scripts/wgsl-plugin';
import { listShaders, stripComments } from '../../scripts/wgsl-source';

const KERNEL = `
alias Four = vec4<f32>;
struct Params { rows: u32, rate: f32, size: vec2<u32>, extents: vec4u, scale: vec4<f32>, shift: i32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read_write> sums: array<Four>;
@group(0) @binding(1) var<storage, read> input: array<f32>; // override FAKE: u32 = 1;
@group(0) @binding(3) var<storage> index: array<vec2u>;
override TILE: u32 = 16;
override LOW: i32 = -0x10;
override RATE: f32 = 1.5e-3f;
override FLAG: bool = true;
override AREA: u32 = TILE * TILE;
override WANTED: u32;
const ROWS = 4u;
fn block(read: u32) -> u32 { let workgroup = read + WANTED; return workgroup; }
@compute @workgroup_size(TILE, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  sums[block(id.x)] = Four(input[index[id.y].x] * params.rate);
}`;

describe('reflection', () => {
  const shader = reflectShader('deep/kernel.wgsl', KERNEL);

  test('gives what a wrapper needs', () => {
    expect(shader).toEqual({
      name: 'deep/kernel',
      code: KERNEL,
      bindings: [
        { name: 'input', binding: 1, access: 'read', element: 'f32' },
        { name: 'sums', binding: 2, access: 'read_write', element: 'vec4<f32>' },
        { name: 'index', binding: 3, access: 'read', element: 'vec2<u32>' },
      ],
      params: {
        size: 64,
        fields: {
          rows: { offset: 0, type: 'u32' },
          rate: { offset: 4, type: 'f32' },
          size: { offset: 8, type: 'vec2u' },
          extents: { offset: 16, type: 'vec4u' },
          scale: { offset: 32, type: 'vec4f' },
          shift: { offset: 48, type: 'i32' },
        },
      },
      overrides: {
        TILE: { type: 'u32', default: 16 },
        LOW: { type: 'i32', default: -16 },
        RATE: { type: 'f32', default: 0.0015 },
        FLAG: { type: 'bool', default: 1 },
        WANTED: { type: 'u32' }, // AREA is derived, and so not the caller's
      },
      workgroupSize: ['TILE', 4, 1],
    });
  });

  test('declares literal types, and which overrides are required', () => {
    const text = declare(shader);
    expect(text).toContain("from '../../src/gpu/shader'");
    expect(text).toContain("'input' | 'sums' | 'index',");
    expect(text).toContain("'TILE' | 'LOW' | 'RATE' | 'FLAG' | 'WANTED'");
    expect(text).toContain('readonly WANTED: OverrideInfo & { readonly default?: undefined };');
    expect(text).not.toContain('readonly TILE:');
    const bare = reflectShader('a.wgsl', '@compute @workgroup_size(1) fn main() {}');
    expect(declare(bare)).toContain('Shader<\n  never,\n  never,\n  never\n>;');
    expect(declare(bare)).toContain("from '../src/gpu/shader'");
  });

  const main = '@compute @workgroup_size(8) fn main() {}';
  const buffer = (binding: number, type = 'array<u32>', group = 0) =>
    `@group(${group}) @binding(${binding}) var<storage, read_write> b${binding}: ${type};`;
  const params = (text: string) => `${text} @group(0) @binding(0) var<uniform> params: Params;`;
  test.each([
    ['fn f() {}', 'one compute entry point named main'],
    [main.replace('main', 'run'), 'one compute entry point named main'],
    [`${main} @compute @workgroup_size(1) fn other() {}`, 'one compute entry point named main'],
    [`${buffer(1, 'array<u32>', 1)} ${main}`, 'b1 is in group 1'],
    [`${buffer(0)} ${main}`, 'b0 has binding 0'],
    [`${buffer(9)} ${main}`, 'b9 has binding 9'],
    [
      `${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((b) => buffer(b)).join('\n')} ${main}`,
      '9 storage buffers',
    ],
    [`${buffer(1)} ${buffer(1).replace('b1:', 'c1:')} ${main}`, 'binding 1 is used twice'],
    [`${buffer(1, 'array<u32, 4>')} ${main}`, 'a storage buffer is a runtime array'],
    [`${buffer(1, 'u32')} ${main}`, 'a storage buffer is a runtime array'],
    [`${params('struct Params { a: vec3f }')} ${main}`, 'params.a is vec3f'],
    [`${params('struct Other { a: u32 }').replace(': Params', ': Other')} ${main}`, 'named Params'],
    [
      `${params('struct Params { a: u32 }').replace('(0) var', '(3) var')} ${main}`,
      'the one uniform',
    ],
    [`override X = 1; ${main}`, 'override X must state its type'],
    [`@id(3) override X: u32 = 1; ${main}`, 'override X: no @id'],
    [`${main} fn broken( {`, 'does not parse'],
  ])('refuses a broken convention: %s', (code, rule) => {
    expect(() => reflectShader('x.wgsl', code)).toThrow(/^shaders\/x\.wgsl: /);
    expect(() => reflectShader('x.wgsl', code)).toThrow(rule);
  });
});

describe('source', () => {
  test('includes each file once, and names the line of a bad include', () => {
    const root = mkdtempSync(join(tmpdir(), 'cusp-shaders-'));
    try {
      mkdirSync(join(root, 'lib'));
      writeFileSync(join(root, 'lib/one.wgsl'), '#include "lib/two.wgsl"\nfn one() { two(); }\n');
      writeFileSync(join(root, 'lib/two.wgsl'), 'fn two() {}\n');
      const main = '@compute @workgroup_size(1) fn main() { one(); }\n';
      const both = '#include "lib/two.wgsl"\n#include "lib/one.wgsl"\n';
      writeFileSync(join(root, 'a.wgsl'), both + main);
      writeFileSync(join(root, 'b.wgsl'), `\n#include <lib/one.wgsl>\n${main}`);
      writeFileSync(join(root, 'c.wgsl'), `#include "lib/none.wgsl"\n${main}`);
      expect(listShaders(root)).toEqual(['a.wgsl', 'b.wgsl', 'c.wgsl']);
      const { shader, files } = loadShader('a.wgsl', root);
      expect(shader.code.match(/fn two/g)).toHaveLength(1);
      expect(files).toEqual(['a.wgsl', 'lib/two.wgsl', 'lib/one.wgsl'].map((f) => join(root, f)));
      expect(() => loadShader('b.wgsl', root)).toThrow('shaders/b.wgsl: line 2');
      expect(() => loadShader('c.wgsl', root)).toThrow('cannot read shaders/lib/none.wgsl');
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test('strips comments, nested ones too, and keeps the lines', () => {
    const code = 'a // x /* y\nb /* 1 /* 2 */\n3 */ c\n//\nd';
    expect(stripComments(code)).toBe('a \nb  \n  c\n\nd');
  });
});
