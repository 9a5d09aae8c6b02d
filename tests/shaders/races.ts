/**
 * Runs a kernel through wgsl_reflect's race and barrier check: races on workgroup memory, and barriers that not
 * all invocations of a workgroup reach. Its interpreter (1.6.0) has gaps, closed below by rewriting the kernel.
 */
import {
  MemoryTracker,
  WorkgroupScheduler,
  detectRaces,
} from 'wgsl_reflect/wgsl_reflect.module.js';
import type { ShaderBinding } from '../../src/gpu/shader';
import { hideKeywords, type ReflectedShader } from '../../scripts/reflect';
import { stripComments } from '../../scripts/wgsl-source';
import type { RaceCase } from './overrides';

/** Only workgroup memory can race within a workgroup by design; kernels without it are left out. */
export function sharesMemory(shader: ReflectedShader): boolean {
  return workgroupVariables(shader).length > 0;
}

function workgroupVariables(shader: ReflectedShader): string[] {
  const code = stripComments(shader.code);
  return [...code.matchAll(/\bvar\s*<\s*workgroup\s*>\s*(\w+)/g)].map((match) => match[1]!);
}

export interface RaceResult {
  /** Races and divergent barriers, a line each. */
  readonly problems: readonly string[];
  /** How many invocations touched workgroup memory: with fewer than two, nothing was tried. */
  readonly sharers: number;
}

export function findRaces(shader: ReflectedShader, given: RaceCase = {}): RaceResult {
  const buffers = shader.bindings.map((binding) => fillBuffer(binding, given));
  const group: Record<string, unknown> = {};
  shader.bindings.forEach(({ binding }, i) => (group[binding] = buffers[i]));
  if (shader.params) group[0] = { uniform: packParams(shader, given) };
  const shared = new Set(workgroupVariables(shader));
  touched.length = 0;
  const { result, printed } = silence(() =>
    detectRaces(specialise(shader, given), 'main', [...(given.workgroups ?? [1, 1, 1])], {
      0: group,
    }),
  );
  // Storage is left to the tests of equal bits: which element a store reaches hangs on host-made parameters.
  const races = result.races.filter((r) => shared.has(r.bufferId)).map((race) => race.message);
  return {
    problems: [...new Set([...result.errors, ...printed, ...races])].slice(0, 8),
    sharers: new Set(touched.filter((t) => shared.has(t.buffer)).map((t) => t.invocation)).size,
  };
}

/**
 * The kernel as the interpreter can run it: no directives, float32 for float16, overrides as constants, sizes of workgroup arrays as numbers,
 * members of type u32 for bool (it gives a bool no room), `x += y` spelled out (it adds matrices only so), `while` as `loop`, and a statement before a barrier that
 * opens a loop's body (it would step over that barrier). Line numbers stay.
 */
function specialise(shader: ReflectedShader, given: RaceCase): string {
  const code = hideKeywords(stripComments(shader.code)).replace(
    /\boverride\s+(\w+)\s*:\s*(\w+)([^;]*);/g,
    (text, name: string, type: string, otherwise: string) => {
      const value = given.overrides?.[name] ?? shader.overrides[name]?.default;
      if (value === undefined) return `const ${name}: ${type}${otherwise};`;
      return `const ${name}: ${type} = ${type === 'bool' ? value !== 0 : type === 'u32' ? `${value}u` : value};`;
    },
  );
  return sizeArrays(code)
    .replace(/^enable .*$/gm, '')
    .replace(/\bf16\b/g, 'f32')
    .replace(/^(\s*\w+\s*:\s*)bool,$/gm, '$1u32,')
    .replace(/^(\s*)(\w+) \+= ([^;]+);$/gm, '$1$2 = $2 + ($3);')
    .replace(/\bwhile (\(.*\)) \{$/gm, 'loop { if (!$1) { break; }')
    .replace(/\{(\s*)(workgroup|storage)Barrier\(\)/g, '{ let pause__ = 0u;$1$2Barrier()');
}

/** Workgroup arrays with their lengths worked out: the interpreter takes no expression of constants there. */
function sizeArrays(code: string): string {
  const known = new Map<string, string>();
  const evaluate = (expression: string): number => {
    const text = expression
      .replace(/\b[A-Za-z_]\w*\b/g, (name) => known.get(name) ?? name)
      .replace(/\b(\d+)[ui]\b/g, '$1');
    // Digits and operators only, so nothing but arithmetic is run.
    return /^[\d\s+*/()-]+$/.test(text) ? Number(new Function(`return ${text}`)()) : NaN;
  };
  for (const [, name, value] of code.matchAll(/\bconst\s+(\w+)[^=;]*=([^;]+);/g)) {
    const number = evaluate(value!);
    if (Number.isInteger(number)) known.set(name!, String(number));
  }
  return code.replace(
    /(\bvar\s*<\s*workgroup\s*>[^;]*,)([^,;]+)>\s*;/g,
    (text, before: string, length: string) => {
      const number = evaluate(length);
      return Number.isInteger(number) ? `${before} ${number}>;` : text;
    },
  );
}

type Words = Uint32Array | Int32Array | Float32Array;

function fillBuffer({ name, element }: ShaderBinding, given: RaceCase): Words {
  const words = given.words ?? 1024;
  const contents = given.buffers?.[name];
  if (/f32|f16/.test(element)) {
    return Float32Array.from({ length: words }, (_, i) => contents?.[i] ?? ((i * 7) % 16) / 16);
  }
  const values = Array.from({ length: words }, (_, i) => contents?.[i] ?? i % 3);
  return element.includes('i32') ? Int32Array.from(values) : Uint32Array.from(values);
}

function packParams(shader: ReflectedShader, given: RaceCase): Uint8Array {
  const { size, fields } = shader.params!;
  const view = new DataView(new ArrayBuffer(size));
  for (const [name, { offset, type }] of Object.entries(fields)) {
    const lanes = type.startsWith('vec') ? Number(type[3]) : 1;
    const float = type.endsWith('f') || type === 'f32';
    const value = given.params?.[name] ?? (float ? 0.5 : 8);
    for (let lane = 0; lane < lanes; lane++) {
      const number = typeof value === 'number' ? value : (value[lane] ?? 0);
      if (float) view.setFloat32(offset + 4 * lane, number, true);
      else view.setUint32(offset + 4 * lane, number, true);
    }
  }
  return new Uint8Array(view.buffer);
}

/** The interpreter reports what it does not understand on the console only; that must not pass. */
function silence<T>(run: () => T): { result: T; printed: string[] } {
  const { error, warn } = console;
  const printed: string[] = [];
  console.error = console.warn = (...words: unknown[]) => {
    printed.push(words.map(String).join(' '));
  };
  try {
    return { result: run(), printed };
  } finally {
    Object.assign(console, { error, warn });
  }
}

/** Where names are looked up: an invocation's own, then its parent's, the module's. */
interface Context {
  readonly variables: ReadonlyMap<string, { readonly value: unknown; readonly node: unknown }>;
  readonly parent: Context | null;
  createVariable(name: string, value: unknown, node: unknown): void;
}

/** The parts of wgsl_reflect's scheduler that `runInTurn` needs. */
interface Scheduler {
  readonly _invocations: readonly {
    state: number;
    index: number;
    stack: { readonly states: readonly { readonly context: Context }[] };
    barrierNode: unknown;
  }[];
  readonly _tracker: { currentInvocation: number; currentLine: number; endPhase(): void };
  readonly _debug: { stepStack(stack: unknown, into: boolean): unknown };
  readonly errors: string[];
  stepBudget: number;
  _peek(invocation: unknown): { line: number } | null;
  _asBarrier(command: unknown): unknown;
  _syncBarrier(waiting: readonly unknown[]): void;
}

const RUNNING = 0;
const AT_BARRIER = 1;
const DONE = 2;

/**
 * Runs each invocation up to its next barrier before the next invocation. wgsl_reflect 1.6.0 takes one step
 * of each in turn, but keeps the value a called function returned in the syntax tree, where the last
 * invocation's overwrites all others'. Within a phase the order changes nothing of what is recorded.
 */
function runInTurn(this: Scheduler): void {
  let steps = 0;
  for (const { stack } of this._invocations) ownPrivates(stack.states[0].context);
  for (;;) {
    for (const invocation of this._invocations) {
      while (invocation.state === RUNNING) {
        const command = this._peek(invocation);
        const barrier = command && this._asBarrier(command);
        if (!command) invocation.state = DONE;
        else if (barrier) Object.assign(invocation, { state: AT_BARRIER, barrierNode: barrier });
        else {
          this._tracker.currentInvocation = invocation.index;
          this._tracker.currentLine = command.line;
          this._debug.stepStack(invocation.stack, true);
          if (++steps > this.stepBudget) {
            this.errors.push('more steps than the budget: an endless loop?');
            return;
          }
        }
      }
    }
    const waiting = this._invocations.filter(({ state }) => state === AT_BARRIER);
    if (waiting.length === 0) return this._tracker.endPhase();
    this._syncBarrier(waiting);
  }
}

/** Private variables of an invocation's own; wgsl_reflect 1.6.0 has one set for all. */
function ownPrivates(context: Context): void {
  for (let outer = context.parent; outer; outer = outer.parent) {
    for (const [name, { value, node }] of outer.variables) {
      if ((node as { storage?: string } | null)?.storage !== 'private') continue;
      context.createVariable(name, (value as { clone(): unknown }).clone(), node);
    }
  }
}

Object.assign(WorkgroupScheduler.prototype, { run: runInTurn });

const touched: { buffer: string; invocation: number }[] = [];
const { record } = MemoryTracker.prototype;
MemoryTracker.prototype.record = function (buffer, ...rest) {
  touched.push({ buffer, invocation: this.currentInvocation });
  record.call(this, buffer, ...rest);
};
