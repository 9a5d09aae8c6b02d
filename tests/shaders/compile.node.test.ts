import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadShader } from '../../scripts/reflect';
import { listShaders } from '../../scripts/wgsl-source';
import { compile, openNullDevice } from './dawn-null';
import type { NullDevice } from './dawn-null';
import { OVERRIDES, RACE_CASES } from './overrides';
import { findRaces, sharesMemory } from './races';

const files = listShaders();
const names = new Set(files.map((file) => file.replace(/\.wgsl$/, '')));

describe('every shader compiles without a message, with every override set it is used with', () => {
  let dawn: NullDevice | undefined;
  let compiled = 0;
  beforeAll(async () => {
    dawn = await openNullDevice();
  });
  afterAll(() => {
    dawn?.device.destroy();
    dawn = undefined;
  });

  test.each(files)('%s', async (file) => {
    const { shader } = loadShader(file);
    const sets = OVERRIDES[shader.name] ?? [];
    const required = Object.entries(shader.overrides)
      .filter(([, info]) => info.default === undefined)
      .map(([name]) => name);
    if (required.length > 0) {
      expect(
        sets,
        `${file} requires ${required.join(', ')}: give it a row in OVERRIDES`,
      ).not.toEqual([]);
    }
    for (const name of sets.flatMap((set) => Object.keys(set))) {
      expect(shader.overrides, `OVERRIDES of ${shader.name}`).toHaveProperty(name);
    }
    const all = required.length > 0 ? sets : [{}, ...sets];
    const problems = await compile(dawn!.device, shader, all);
    compiled++;
    expect(problems).toEqual([]);
  });

  test('none was left out', () => {
    expect(compiled).toBe(files.length);
    for (const name of [...Object.keys(OVERRIDES), ...Object.keys(RACE_CASES)]) {
      expect(names, 'tests/shaders/overrides.ts names a shader that is gone').toContain(name);
    }
  });

  test('the compiler does complain', async () => {
    const { shader } = { shader: { name: 'bad', code: '', bindings: [], params: null } };
    const bad = { ...shader, overrides: {}, workgroupSize: [1, 1, 1] as const };
    const main = '@compute @workgroup_size(1) fn main()';
    expect(
      await compile(dawn!.device, { ...bad, code: `${main} { let x: u32 = 1.5; }` }, []),
    ).not.toEqual([]);
    const big = `var<workgroup> m: array<u32, 4097>;\n${main} { m[0] = 1u; }`; // over 16 KiB
    expect(await compile(dawn!.device, { ...bad, code: big }, [{}])).not.toEqual([]);
    const bound = '@group(0) @binding(1) var<storage, read_write> a: array<u32>;\n';
    expect(
      await compile(dawn!.device, { ...bad, code: `${bound}${main} { a[0] = 1u; }` }, [{}]),
    ).not.toEqual([]);
  });
});

describe('kernels with workgroup memory have no race and no divergent barrier', () => {
  const sharing = files.map((file) => loadShader(file).shader).filter(sharesMemory);
  test.each(sharing.map((shader) => [shader.name, shader] as const))('%s', (name, shader) => {
    const { problems, sharers } = findRaces(shader, RACE_CASES[name]);
    expect(problems).toEqual([]);
    expect(sharers, `${name} shared nothing: give it inputs in RACE_CASES`).toBeGreaterThan(1);
  });

  test('a missing barrier is found', () => {
    const code = `
      @group(0) @binding(1) var<storage, read_write> data: array<u32>;
      var<workgroup> tile: array<u32, 8>;
      @compute @workgroup_size(8)
      fn main(@builtin(local_invocation_index) i: u32) {
        tile[i] = data[i];
        BARRIER
        data[i] = tile[7u - i];
      }`;
    const bindings = [{ name: 'data', binding: 1, access: 'read_write', element: 'u32' }] as const;
    const shader = { name: 'x', bindings, params: null, overrides: {} };
    const kernel = (barrier: string) => ({
      ...shader,
      workgroupSize: [8, 1, 1] as const,
      code: code.replace('BARRIER', barrier),
    });
    expect(findRaces(kernel('')).problems).not.toEqual([]);
    expect(findRaces(kernel('workgroupBarrier();'))).toEqual({ problems: [], sharers: 8 });
  });
});
