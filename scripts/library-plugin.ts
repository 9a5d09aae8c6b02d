/**
 * Vite plugin for the build of the library, a file of which is whole: what the pages fetch on demand is imported at once. Without it the
 * bundler would wrap each of these modules, and all they import, in a function, and a user's bundler could leave none of it out.
 *
 * All kernels come first, one behind the other: WGSL repeats WGSL and not the code between, and gzip looks 32 kB back and has a table of
 * letters for each stretch. What nobody uses is left out all the same.
 */
import { join, sep } from 'node:path';
import type { Plugin } from 'vite';
import { PART } from './wgsl-plugin.ts';
import { SHADER_ROOT, listShaders, readShader } from './wgsl-source.ts';

const SOURCES = join(SHADER_ROOT, '../src/').split(sep).join('/');
const KERNELS = '\0kernels';
const ON_DEMAND = /\bawait import\(('[^']+')\)/g;

/** `entry` is the path of the module that the file is made of. */
export function library(entry: string): Plugin {
  const first = entry.split(sep).join('/');
  return {
    name: 'cusp:library',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => (id === KERNELS ? id : null),
    load: (id) => (id === KERNELS ? listKernels() : null),
    transform(code, id) {
      if (id === first) return { code: `import '${KERNELS}'; ${code}`, map: null };
      if (id.includes('/node_modules/') || !code.includes('await import(')) return null;
      const imports: string[] = [];
      const body = code.replace(ON_DEMAND, (_, path: string) => {
        const name = `onDemand${imports.length}`;
        imports.push(`import * as ${name} from ${path};`);
        return name;
      });
      // On the first line, so that the map still holds for all others.
      return { code: imports.join(' ') + body, map: null };
    },
  };
}

/**
 * Vite plugin for the same build: says of each constant of a module that making it has no effect, as is so of all here ("importing it does
 * nothing"). A bundler takes a spread or a read property for an effect, and would carry the constant and all it is made of unused.
 */
export function pure(): Plugin {
  return {
    name: 'cusp:pure',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.startsWith(SOURCES) || !id.endsWith('.ts')) return null;
      const made: readonly Made[] = this.parse(code).body.flatMap((statement) => {
        const inner =
          statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        return inner?.type === 'VariableDeclaration'
          ? inner.declarations.flatMap(({ init }) => init ?? [])
          : [];
      });
      const inserts = made
        .flatMap((init): (readonly [at: number, text: string])[] => {
          const effects = effectsOf(init);
          // A call can be said to have none where it stands; for the rest a call is put around all of it.
          if (effects.every(({ type }) => type === 'CallExpression'))
            return effects.map(({ start }) => [start, '/* @__PURE__ */ ']);
          return [
            [init.start, '/* @__PURE__ */ (function () { return '],
            [init.end, '; })()'],
          ];
        })
        .sort(([a], [b]) => b - a);
      let out = code;
      for (const [at, text] of inserts) out = out.slice(0, at) + text + out.slice(at);
      // All stays on its lines, so the map still holds for them.
      return inserts.length === 0 ? null : { code: out, map: null };
    },
  };
}

/** An expression of the module's syntax tree. */
interface Made {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly object?: unknown;
  readonly callee?: unknown;
}

const EFFECTS = /^(?:SpreadElement|MemberExpression|CallExpression)$/;

/** What a bundler takes for an effect of making it; what is in functions does not run. */
function effectsOf(node: Made): Made[] {
  if (/Function|Class/.test(node.type)) return [];
  const inner = Object.values(node).flat().filter(isMade).flatMap(effectsOf);
  return EFFECTS.test(node.type) && !isOfMath(node) ? [node, ...inner] : inner;
}

/** Bundlers know that Math.x and a call of it have none. */
function isOfMath({ callee, object }: Made): boolean {
  const owner = object ?? (callee as Made | undefined)?.object;
  return (owner as { readonly name?: string } | undefined)?.name === 'Math';
}

function isMade(value: unknown): value is Made {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** A module that imports the texts of all kernels, and then their interfaces. */
function listKernels(): string {
  const files = listShaders();
  const parts = new Set(files.flatMap((file) => readShader(file).parts));
  return [...[...parts].map((part) => PART + part), ...files.map((file) => join(SHADER_ROOT, file))]
    .map((path) => `import ${JSON.stringify(path)};\n`)
    .join('');
}
