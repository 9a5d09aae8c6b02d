/** What a build carries of each kernel: the same interface, and every one compiled by Dawn's null backend. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadShader, reflectShader } from '../../scripts/reflect';
import { dropInterface, minify } from '../../scripts/wgsl-minify';
import { chooseNames } from '../../scripts/wgsl-names';
import { listShaders, readOwnText } from '../../scripts/wgsl-source';
import { readWords, ROLES, tokenize } from '../../scripts/wgsl-tokens';
import { packFacts } from '../../scripts/wgsl-facts';
import { PARAMS, unpackShader } from '../../src/gpu/unpack-shader';
import { compile, openNullDevice, type NullDevice } from './dawn-null';
import { OVERRIDES } from './overrides';

const names = chooseNames();

/** wgsl_reflect wants the uniform by the name that the convention gives it, and overrides before those that are computed from them. */
function forReflection(code: string): string {
  const lines = code.replaceAll(new RegExp(`\\b${PARAMS}\\b`, 'g'), 'params').split('\n');
  const set = lines.filter((line) => /^override \w+:\w+(?:=[\w.+-]+)?;$/.test(line));
  return [...set, ...lines.filter((line) => !set.includes(line))].join('\n');
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
    const { shader, parts } = loadShader(file);
    const built = unpackShader(
      packFacts(shader, names),
      parts.map((part) => minify(dropInterface(readOwnText(part)), names)),
    );
    const code = built.code as string;
    const read = forReflection(code);
    const text = reflectShader(file, read);
    const shortKeys = (all: object, map: ReadonlyMap<string, string>): [string, unknown][] =>
      Object.entries(all).map(([name, value]) => [map.get(name) ?? name, value]);
    expect(text).toEqual({
      ...shader,
      code: read,
      bindings: shader.bindings.map((one) => ({
        ...one,
        name: names.module.get(one.name) ?? one.name,
      })),
      params: shader.params && {
        size: shader.params.size,
        fields: Object.fromEntries(shortKeys(shader.params.fields, names.member)),
      },
    });
    const sets = OVERRIDES[shader.name] ?? [];
    const complete = Object.values(shader.overrides).every((one) => one.default !== undefined);
    const all = complete ? [{}, ...sets] : sets;
    expect(await compile(dawn!.device, built, all)).toEqual([]);
  });
});

/** A name with what became of it. */
type Pair = readonly [string, string];

/** Renaming must not make two names of a scope one. */
function findClashes(pairs: readonly Pair[]): string[] {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  const clashes: string[] = [];
  for (const [name, short] of pairs) {
    if ((before.get(short) ?? name) !== name || (after.get(name) ?? short) !== short)
      clashes.push(`${before.get(short)}, ${name} -> ${short}`);
    before.set(short, name);
    after.set(name, short);
  }
  return clashes;
}

/** Tokens without the commas that a minified text leaves out. */
function tokensOf(code: string): string[] {
  return tokenize(code).filter((token, i, all) => token !== ',' || !/^[)}\]]/.test(all[i + 1]));
}

test.each(listShaders())('%s: no two names of a scope become the same', (file) => {
  const { code } = loadShader(file).shader;
  const long = tokensOf(code);
  const short = tokensOf(minify(code, names));
  expect(short.length).toBe(long.length);
  const { functions, structs, roles } = readWords(long);
  const pairs = (isOne: (i: number) => boolean, start = 0, end = long.length): Pair[] =>
    long
      .slice(start, end)
      .flatMap((name, k) => (isOne(start + k) ? [[name, short[start + k]]] : []));
  const isWord = (i: number): boolean => /^[A-Za-z_]/.test(long[i]) && long[i - 1] !== '.';
  for (const { start, end } of functions)
    expect(findClashes(pairs(isWord, start, end))).toEqual([]);
  // What has its type behind it; types are names of the module.
  for (const { start, end } of structs)
    expect(findClashes(pairs((i) => long[i + 1] === ':', start, end))).toEqual([]);
  expect(findClashes(pairs((i) => roles[i] === 'module'))).toEqual([]);
});

test('names are short', () => {
  for (const role of ROLES)
    for (const [name, short] of names[role]) expect(short.length, name).toBeLessThanOrEqual(2);
});

describe('minify', () => {
  const map = new Map([
    ['total', 'q'],
    ['group', 'k'],
    ['place', 'm'],
  ]);
  const member = new Map([['total', 'a']]);
  const short = { module: map, local: map, member };
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
    [
      'struct group { total: f32, x: u32 } fn main(place: group) { total += place.total + place.x; }',
      'struct k{a:f32,x:u32}\nfn main(m:k){q+=m.a+m.x;}',
    ],
    ['total = a && !place;', 'q=a&& !m;'],
    ['total = max(a[1], place,\n);', 'q=max(a[1],m);'],
    ['let total = 10.0f + 0x1Fu + 1e-6 + 0x1p-23;', 'let q=10.f+0x1Fu+1e-6+0x1p-23;'],
  ])('%s', (code, expected) => {
    expect(minify(code, short)).toBe(expected);
  });
});
