/**
 * Minifies WGSL for a build: short names, no spaces that the grammar does without, shorter numbers, a line per declaration.
 *
 * Names come by one injective map for all files, so that a renamed kernel is the same kernel whatever scopes it has, and shared
 * files can be joined with any other. Kept are names that WGSL or the host gives meaning: predeclared ones, `main`, overrides.
 * Bindings and fields of Params the host knows by number and offset, from the reflection of the text before.
 */
import { readdirSync } from 'node:fs';
import { SHADER_ROOT, readOwnText, stripComments } from './wgsl-source.ts';

export type Names = ReadonlyMap<string, string>;

const TOKEN =
  /[A-Za-z_]\w*|0[xX][\da-fA-F]+(?:\.[\da-fA-F]*)?(?:[pP][+-]?\d+[fh]?|[iu])?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fhiu]?|->|<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|\+\+|--|\S/g;
const WORD = /^[A-Za-z_]/;
const WORDLIKE = /^(?:\w|\.\d)/;

/** Keywords, and words that are never fit for a new name though no source may use them. */
const RESERVED = words(`
  alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop
  override requires return struct switch true var while as asm do get mod mut new nil of pub ref set std try use`);

/** Predeclared types, values and functions (WGSL §16, §17), and members of their results. */
const PREDECLARED = words(`
  array atomic bool f16 f32 i32 u32 mat2x2 mat2x3 mat2x4 mat3x2 mat3x3 mat3x4 mat4x2 mat4x3 mat4x4 mat2x2f mat2x3f mat2x4f mat3x2f
  mat3x3f mat3x4f mat4x2f mat4x3f mat4x4f mat2x2h mat2x3h mat2x4h mat3x2h mat3x3h mat3x4h mat4x2h mat4x3h mat4x4h ptr vec2 vec3
  vec4 vec2f vec3f vec4f vec2h vec3h vec4h vec2i vec3i vec4i vec2u vec3u vec4u sampler texture_2d
  read write read_write function private workgroup uniform storage handle bitcast all any select arrayLength
  abs acos acosh asin asinh atan atanh atan2 ceil clamp cos cosh countLeadingZeros countOneBits countTrailingZeros cross degrees
  determinant distance dot dot4U8Packed dot4I8Packed exp exp2 extractBits faceForward firstLeadingBit firstTrailingBit floor fma
  fract frexp insertBits inverseSqrt ldexp length log log2 max min mix modf normalize pow quantizeToF16 radians reflect refract
  reverseBits round saturate sign sin sinh smoothstep sqrt step tan tanh transpose trunc whole
  atomicLoad atomicStore atomicAdd atomicSub atomicMax atomicMin atomicAnd atomicOr atomicXor atomicExchange
  atomicCompareExchangeWeak old_value exchanged pack4x8snorm pack4x8unorm pack4xI8 pack4xU8 pack4xI8Clamp pack4xU8Clamp
  pack2x16snorm pack2x16unorm pack2x16float unpack4x8snorm unpack4x8unorm unpack4xI8 unpack4xU8 unpack2x16snorm unpack2x16unorm
  unpack2x16float storageBarrier textureBarrier workgroupBarrier workgroupUniformLoad subgroupAdd subgroupExclusiveAdd
  subgroupInclusiveAdd subgroupAll subgroupAnd subgroupAny subgroupBallot subgroupBroadcast subgroupBroadcastFirst subgroupElect
  subgroupMax subgroupMin subgroupMul subgroupExclusiveMul subgroupInclusiveMul subgroupOr subgroupShuffle subgroupShuffleDown
  subgroupShuffleUp subgroupShuffleXor subgroupXor quadBroadcast quadSwapDiagonal quadSwapX quadSwapY
  subgroups main`);

const SWIZZLE = /^(?:[xyzw]{1,4}|[rgba]{1,4})$/;

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

export function tokenize(code: string): string[] {
  return stripComments(code).match(TOKEN) ?? [];
}

/** Short names for what the files under `root` declare: the shortest for the most used. */
export function chooseNames(root = SHADER_ROOT): Names {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wgsl'))
    .sort();
  const counts = new Map<string, number>();
  const declared = new Set<string>();
  const overrides = new Set<string>();
  for (const file of files) {
    const tokens = tokenize(readOwnText(file, root));
    tokens.forEach((token, i) => {
      if (!WORD.test(token)) return;
      counts.set(token, (counts.get(token) ?? 0) + 1);
      const before = tokens[i - 1];
      if (before === 'override') overrides.add(token);
      if (tokens[i + 1] === ':' || declares(tokens, i)) declared.add(token);
    });
  }
  const renamed = [...declared]
    .filter((name) => !isKept(name) && !overrides.has(name))
    .sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  const taken = new Set([...counts.keys()].filter((name) => !renamed.includes(name)));
  const fresh = shortNames((name) => taken.has(name) || isKept(name));
  return new Map(renamed.map((name) => [name, fresh.next().value as string]));
}

/** Whether token `i` stands behind `fn`, `let`, `struct` and the like, or `var<…>`. */
function declares(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1];
  if (['fn', 'let', 'var', 'const', 'struct', 'alias'].includes(before)) return true;
  if (before !== '>') return false;
  const open = tokens.lastIndexOf('<', i);
  return tokens[open - 1] === 'var';
}

function isKept(name: string): boolean {
  return RESERVED.has(name) || PREDECLARED.has(name) || SWIZZLE.test(name);
}

const FIRST = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LATER = `${FIRST}0123456789`;

/** a … Z, then two letters, then three, without those refused. */
function* shortNames(refused: (name: string) => boolean): Generator<string> {
  let names = [...FIRST];
  for (;;) {
    for (const name of names) if (!refused(name)) yield name;
    names = names.flatMap((name) => [...LATER].map((letter) => name + letter));
  }
}

/** The same program in fewer bytes. Line breaks stand between declarations only. */
export function minify(code: string, names: Names): string {
  const tokens = tokenize(code);
  let out = '';
  let depth = 0;
  tokens.forEach((token, i) => {
    if (token === ',' && /^[)}\]]/.test(tokens[i + 1] ?? '')) return;
    const text = isMeaning(tokens, i) ? token : (names.get(token) ?? shorten(token));
    if (needsSpace(out, text)) out += ' ';
    out += text;
    if (token === '{') depth++;
    if (token === '}') depth--;
    if (depth === 0 && (token === '}' || token === ';')) out += '\n';
  });
  return out.trimEnd();
}

/** Attributes, and the values that `@builtin` names. */
function isMeaning(tokens: readonly string[], i: number): boolean {
  return tokens[i - 1] === '@' || (tokens[i - 1] === '(' && tokens[i - 2] === 'builtin');
}

/** `0.50` stays as exact as it was: only zeros that say nothing go. */
function shorten(token: string): string {
  return token.replace(/^0(?=\.\d)/, '').replace(/^(\d+\.)0(?=[fh]?$)/, '$1');
}

function needsSpace(before: string, text: string): boolean {
  const last = before.at(-1) ?? '\n';
  if (last === '\n') return false;
  if (/\w/.test(last)) return WORDLIKE.test(text);
  if (last === '.') return /^\d/.test(text);
  // `a - -b`, `a / *b` and the like would come to mean something else.
  return !/[(){}[\],;:@]/.test(last) && !/^[\w(){}[\],;:.@]/.test(text);
}
