/** WGSL as tokens, and what each word of it stands for: the little grammar that renaming needs. */
import { stripComments } from './wgsl-source.ts';

const TOKEN =
  /[A-Za-z_]\w*|0[xX][\da-fA-F]+(?:\.[\da-fA-F]*)?(?:[pP][+-]?\d+[fh]?|[iu])?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fhiu]?|->|<<=|>>=|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|\+\+|--|\S/g;
const WORD = /^[A-Za-z_]/;

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
  subgroups main Params`);

/** Members of what functions return. */
const RESULTS = words('old_value exchanged fract exp whole');
const SWIZZLE = /^(?:[xyzw]{1,4}|[rgba]{1,4})$/;

/** What a name belongs to: functions, types and variables to the module; parameters and variables to a function. */
export const ROLES = ['module', 'local', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** A function or a struct: `end` is behind its last token. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Words {
  /** By token; null for what is no name, or has a meaning of its own. */
  readonly roles: readonly (Role | null)[];
  readonly functions: readonly Span[];
  readonly structs: readonly Span[];
  /** Names that the text declares. */
  readonly declared: Readonly<Record<Role, ReadonlySet<string>>>;
  readonly overrides: ReadonlySet<string>;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

export function tokenize(code: string): string[] {
  return stripComments(code).match(TOKEN) ?? [];
}

/** Words that are taken wherever they stand. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word) || PREDECLARED.has(word);
}

export function readWords(tokens: readonly string[]): Words {
  const functions = spansOf(tokens, 'fn');
  const structs = spansOf(tokens, 'struct');
  const roles = tokens.map((token, i): Role | null => {
    if (!WORD.test(token) || isMeaning(tokens, i)) return null;
    if (tokens[i - 1] === '.') return SWIZZLE.test(token) || RESULTS.has(token) ? null : 'member';
    return isReserved(token) ? null : 'module';
  });
  const declared = {
    module: new Set<string>(),
    local: new Set<string>(),
    member: new Set<string>(),
  };
  for (const span of structs) {
    for (let i = span.start + 2; i < span.end; i++) {
      if (!isField(tokens, i)) continue;
      roles[i] = SWIZZLE.test(tokens[i]) ? null : 'member';
      declared.member.add(tokens[i]);
    }
  }
  for (const { start, end } of functions) {
    const body = tokens.indexOf('{', start);
    const own = new Set<string>();
    for (let i = start + 2; i < end; i++) {
      if (i < body ? isField(tokens, i) : declares(tokens, i)) own.add(tokens[i]);
    }
    for (let i = start + 2; i < end; i++) {
      if (own.has(tokens[i]) && tokens[i - 1] !== '.' && !isMeaning(tokens, i)) roles[i] = 'local';
    }
    own.forEach((name) => declared.local.add(name));
  }
  const overrides = new Set<string>();
  tokens.forEach((token, i) => {
    if (tokens[i - 1] === 'override') overrides.add(token);
    else if (roles[i] === 'module' && declares(tokens, i)) declared.module.add(token);
  });
  return { roles, functions, structs, declared, overrides };
}

/** From each `word` to the brace that closes what it begins. */
function spansOf(tokens: readonly string[], word: string): Span[] {
  const spans: Span[] = [];
  tokens.forEach((token, start) => {
    if (token !== word) return;
    let end = tokens.indexOf('{', start);
    if (end < 0) return;
    for (let depth = 1; depth > 0 && ++end < tokens.length;) {
      if (tokens[end] === '{') depth++;
      if (tokens[end] === '}') depth--;
    }
    spans.push({ start, end: end + 1 });
  });
  return spans;
}

/** Whether token `i` is a name with its type behind it: a member of a struct, a parameter of a function. */
function isField(tokens: readonly string[], i: number): boolean {
  return WORD.test(tokens[i]) && tokens[i + 1] === ':' && !isMeaning(tokens, i);
}

/** Whether token `i` stands behind `fn`, `let`, `struct` and the like, or `var<…>`. */
function declares(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1];
  if (['fn', 'let', 'var', 'const', 'struct', 'alias'].includes(before)) return true;
  if (before !== '>' || !WORD.test(tokens[i])) return false;
  const open = tokens.lastIndexOf('<', i);
  return tokens[open - 1] === 'var';
}

/** Attributes, and the values that `@builtin` names. */
function isMeaning(tokens: readonly string[], i: number): boolean {
  return tokens[i - 1] === '@' || (tokens[i - 1] === '(' && tokens[i - 2] === 'builtin');
}
