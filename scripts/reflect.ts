/**
 * Reflection core: WGSL text → the `Shader` record of src/gpu/shader.ts, with its conventions enforced.
 * Runs at build time only; wgsl_reflect never reaches a page.
 */
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import type { ArrayInfo, FunctionInfo, StructInfo, VariableInfo } from 'wgsl_reflect';
import type {
  OverrideInfo,
  ParamField,
  ParamsLayout,
  Shader,
  ShaderBinding,
} from '../src/gpu/shader';
import { ShaderError, readShader, stripComments } from './wgsl-source.ts';

const MAX_STORAGE_BUFFERS = 8;
const PARAM_TYPES = new Set<string>(['u32', 'i32', 'f32', 'vec2u', 'vec4u', 'vec4f']);
const OVERRIDE_TYPES = new Set<string>(['u32', 'i32', 'f32', 'bool']);

/** A shader with its text at hand. */
export interface ReflectedShader extends Shader {
  readonly code: string;
}

/** Reads and reflects `file`, a path under shaders/. Throws ShaderError naming file and rule. */
export function loadShader(
  file: string,
  root?: string,
): { shader: ReflectedShader; files: readonly string[]; parts: readonly string[] } {
  const { code, files, parts } = readShader(file, root);
  let shader = reflected.get(file);
  if (shader?.code !== code) reflected.set(file, (shader = reflectShader(file, code)));
  return { shader, files, parts };
}

/** The last of each file: all pages are built from the same, one after the other. */
const reflected = new Map<string, ReflectedShader>();

/** Reflects text whose includes are resolved. Throws ShaderError naming `file` and the rule broken. */
export function reflectShader(file: string, code: string): ReflectedShader {
  const fail = (rule: string): never => {
    throw new ShaderError(file, rule);
  };
  const bare = stripComments(code);
  const info = parse(bare, fail);
  const entries = [...info.entry.compute, ...info.entry.vertex, ...info.entry.fragment];
  const main = info.entry.compute[0];
  if (entries.length !== 1 || main?.name !== 'main') {
    return fail(
      `one compute entry point named main is wanted, found [${entries.map((e) => e.name)}]`,
    );
  }
  if (info.textures.length + info.samplers.length + info.immediates.length > 0) {
    fail('textures, samplers and immediates are not used here');
  }
  for (const { group, name } of [...info.uniforms, ...info.storage]) {
    if (group !== 0) fail(`${name} is in group ${group}; only group 0 is used`);
  }
  const overrides = readOverrides(bare, fail);
  return {
    name: file.replace(/\.wgsl$/, ''),
    code,
    bindings: readBindings(info.storage, fail),
    params: readParams(info.uniforms, fail),
    overrides,
    workgroupSize: readWorkgroupSize(main, overrides, fail),
  };
}

type Fail = (rule: string) => never;

const WORDS = 'workgroup|block|type|uniform|storage|private|function|read|write';
const HIDDEN = new RegExp(`\\bvar\\s*<[^>]*>|\\bptr\\s*<\\s*\\w+|\\b(${WORDS})\\b(?!\\s*>)`, 'g');
const SHOWN = new RegExp(`^(${WORDS})__$`);

/** wgsl_reflect 1.6.0 takes these names for keywords wherever they stand; WGSL allows them as names. */
export function hideKeywords(code: string): string {
  return code.replace(HIDDEN, (text, word: string | undefined) => (word ? `${word}__` : text));
}

function shown(name: string): string {
  return name.replace(SHOWN, '$1');
}

function parse(code: string, fail: Fail): WgslReflect {
  try {
    return new WgslReflect(hideKeywords(code));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = Number(/Line: (\d+)/.exec(message)?.[1]); // of the expanded text, so quote it
    return fail(`does not parse: ${message} ${code.split('\n')[line - 1]?.trim() ?? ''}`);
  }
}

function readBindings(storage: readonly VariableInfo[], fail: Fail): ShaderBinding[] {
  if (storage.length > MAX_STORAGE_BUFFERS) {
    fail(`${storage.length} storage buffers; the default limit is ${MAX_STORAGE_BUFFERS}`);
  }
  const bindings = storage.map((variable): ShaderBinding => {
    const { binding, access, type } = variable;
    const name = shown(variable.name);
    if (binding < 1 || binding > MAX_STORAGE_BUFFERS) {
      fail(`${name} has binding ${binding}; storage buffers use 1 to ${MAX_STORAGE_BUFFERS}`);
    }
    if (!type.isArray || (type as ArrayInfo).count !== 0) {
      fail(`${name} is ${type.getTypeName()}; a storage buffer is a runtime array: array<T>`);
    }
    if (access !== 'read' && access !== 'read_write') {
      return fail(`${name} has access ${access}; use read or read_write`);
    }
    return { name, binding, access, element: longName((type as ArrayInfo).format.getTypeName()) };
  });
  bindings.sort((a, b) => a.binding - b.binding);
  bindings.forEach((b, i) => {
    if (bindings[i + 1]?.binding === b.binding) fail(`binding ${b.binding} is used twice`);
  });
  return bindings;
}

/** `vec4f` → `vec4<f32>`: one spelling, whichever the shader used. */
function longName(type: string): string {
  return type.replace(/^(vec[234])([fuih])$/, (_, vec: string, letter: string) => {
    return `${vec}<${letter}${letter === 'h' ? '16' : '32'}>`.replace('h16', 'f16');
  });
}

function readParams(uniforms: readonly VariableInfo[], fail: Fail): ParamsLayout | null {
  const variable = uniforms[0];
  if (!variable) return null;
  if (uniforms.length > 1 || variable.binding !== 0 || variable.name !== 'params') {
    fail('the one uniform is @binding(0) var<uniform> params: Params');
  }
  if (!variable.type.isStruct || variable.type.name !== 'Params') {
    fail(`params is ${variable.type.getTypeName()}; it must be a struct named Params`);
  }
  const fields: Record<string, ParamField> = {};
  for (const member of (variable.type as StructInfo).members) {
    const type = member.type.getTypeName();
    if (!PARAM_TYPES.has(type)) {
      fail(`params.${member.name} is ${type}; allowed are ${[...PARAM_TYPES].join(', ')}`);
    }
    fields[shown(member.name)] = { offset: member.offset, type: type as ParamField['type'] };
  }
  return { size: Math.ceil(variable.size / 16) * 16, fields };
}

const OVERRIDE = /(?:@id\s*\([^)]*\)\s*)?\boverride\s+(\w+)\s*(?::\s*(\w+))?\s*(?:=([^;]*))?;/g;

/**
 * Overrides with literal defaults and those without one. An override whose default is an expression of
 * others is derived: the shader computes it, so it is not the caller's to set and is left out.
 */
function readOverrides(code: string, fail: Fail): Record<string, OverrideInfo> {
  const overrides: Record<string, OverrideInfo> = {};
  for (const [text, name, type, expression] of code.matchAll(OVERRIDE)) {
    if (text.startsWith('@id')) fail(`override ${name}: no @id, overrides are set by name`);
    if (!type || !OVERRIDE_TYPES.has(type)) {
      fail(`override ${name} must state its type, one of ${[...OVERRIDE_TYPES].join(', ')}`);
    }
    const info = { type: type as OverrideInfo['type'] };
    if (expression === undefined) {
      overrides[name!] = info;
      continue;
    }
    const value = literal(expression.trim());
    if (value !== null) overrides[name!] = { ...info, default: value };
  }
  return overrides;
}

/** Whether an override with this default is the caller's to set. */
export function isLiteral(expression: string): boolean {
  return literal(expression) !== null;
}

function literal(text: string): number | null {
  if (text === 'true' || text === 'false') return Number(text === 'true');
  if (/^-?0[xX][\da-fA-F]+[ui]?$/.test(text)) {
    const digits = text.replace(/^-|[ui]$/g, '');
    return text.startsWith('-') ? -Number(digits) : Number(digits);
  }
  if (!/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[uifh]?$/.test(text)) return null;
  return Number(text.replace(/[uifh]$/, ''));
}

type Size = number | string;

function readWorkgroupSize(
  main: FunctionInfo,
  overrides: Readonly<Record<string, OverrideInfo>>,
  fail: Fail,
): [Size, Size, Size] {
  const value = main.attributes?.find((a) => a.name === 'workgroup_size')?.value;
  if (value === undefined || value === null) return fail('main has no @workgroup_size');
  const names = Array.isArray(value) ? value.map(String) : [String(value)];
  const axis = (i: number): Size => {
    const text = names[i];
    if (text === undefined) return 1;
    if (text in overrides) return text;
    const size = literal(text) ?? main.workgroupSize?.[i];
    if (typeof size === 'number' && Number.isInteger(size) && size > 0) return size;
    return fail(`@workgroup_size argument ${text} must be a number, a const or an override`);
  };
  return [axis(0), axis(1), axis(2)];
}
