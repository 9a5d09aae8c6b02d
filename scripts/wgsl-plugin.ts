/**
 * Vite plugin: `import matmul from '../../shaders/matmul.wgsl'` yields a `Shader` (src/gpu/shader.ts).
 * Works the same in dev, build, vitest and scripts/run.mjs. A build gets the text minified (wgsl-minify.ts), and each included file
 * once for all kernels that share it: WGSL does not mind the order of declarations. With `onDemand` the texts of a family of kernels
 * (wgsl-families.ts) are a module that is fetched when the first of them is compiled.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { Plugin } from 'vite';
import type { Shader } from '../src/gpu/shader';
import { loadShader, type ReflectedShader } from './reflect.ts';
import { packFacts } from './wgsl-facts.ts';
import { dropInterface, minify } from './wgsl-minify.ts';
import { chooseNames, type Names } from './wgsl-names.ts';
import { familyOf } from './wgsl-families.ts';
import {
  SHADER_ROOT,
  ShaderError,
  listShaders,
  readOwnText,
  readShader,
  shaderFile,
} from './wgsl-source.ts';

/** Module that holds the text of one file of shaders/. */
export const PART = '\0wgsl-part:';
/** Module that holds the kernels of a family by their names, and becomes a file of this name; and the one that fetches it. */
const FAMILY = 'wgsl/kernels-';
const FETCH = '\0wgsl-fetch:';
/** Module that reads packed interfaces back. */
const UNPACK = join(SHADER_ROOT, '../src/gpu/unpack-shader.ts').split(sep).join('/');

export function wgsl({ onDemand = false } = {}): Plugin {
  let building = false;
  let names: Names;
  return {
    name: 'cusp:wgsl',
    enforce: 'pre',
    configResolved(config) {
      building = config.command === 'build';
    },
    buildStart() {
      if (building) names = chooseNames();
      // A broken shader must not stop a page that does not use it: importing it is what fails.
      for (const problem of writeAllDeclarations()) this.warn(problem);
    },
    resolveId: (id) => (isOwn(id) ? id : null),
    load(id) {
      const own = ownModule(id, names);
      if (own !== null) return { code: own, map: null, moduleType: 'js' };
      if (!id.endsWith('.wgsl')) return null;
      const file = shaderFile(id);
      if (file === null)
        this.error(`${id}: only kernels under shaders/ (not lib/) can be imported`);
      const { shader, files, parts } = loadShader(file);
      for (const path of files) this.addWatchFile(path);
      writeDeclaration(shader);
      const code = !building
        ? wholeModule(shader)
        : onDemand
          ? fetchedModule(shader, familyOf(file, parts), names)
          : sharedModule(shader, parts, names);
      return { code, map: null, moduleType: 'js' };
    },
  };
}

function wholeModule(shader: Shader): string {
  return `export default ${JSON.stringify(shader)};`;
}

/** The shader's module in a build: its text is joined at load from the parts, most of which it shares with others. */
function sharedModule(shader: ReflectedShader, parts: readonly string[], names: Names): string {
  const { imports, variables } = importParts(parts, names);
  return [...imports, unpacked(shader, names, `[${variables.join()}]`)].join('');
}

/** The shader's module in a build whose kernels are fetched on demand. */
function fetchedModule(shader: ReflectedShader, family: string, names: Names): string {
  const fetched = `import fetch from ${JSON.stringify(FETCH + family)};\n`;
  return fetched + unpacked(shader, names, 'fetch');
}

function unpacked(shader: ReflectedShader, names: Names, text: string): string {
  return [
    `import { unpackShader } from ${JSON.stringify(UNPACK)};\n`,
    `export default /* @__PURE__ */ unpackShader(${JSON.stringify(packFacts(shader, names))}, ${text});`,
  ].join('');
}

const isOwn = (id: string): boolean =>
  [PART, FAMILY, FETCH].some((beginning) => id.startsWith(beginning));

/** Modules that no file stands behind; null for all others. */
function ownModule(id: string, names: Names): string | null {
  if (id.startsWith(PART)) {
    return `export default ${JSON.stringify(partText(id.slice(PART.length), names))};`;
  }
  if (id.startsWith(FETCH)) {
    const family = JSON.stringify(FAMILY + id.slice(FETCH.length));
    return `export default (name) => import(${family}).then((kernels) => kernels.default[name]);`;
  }
  return id.startsWith(FAMILY) ? familyModule(id.slice(FAMILY.length), names) : null;
}

function partText(part: string, names: Names): string {
  return minify(dropInterface(readOwnText(part)), names);
}

function familyModule(family: string, names: Names): string {
  const kernels = listShaders()
    .map((file) => readShader(file).parts)
    .filter((parts) => familyOf(parts[0], parts) === family)
    .map((parts) => ({ name: parts[0].replace(/\.wgsl$/, ''), ...importParts(parts, names) }));
  const imports = new Set(kernels.flatMap((kernel) => kernel.imports));
  const texts = kernels.map(
    ({ name, variables }) => `${JSON.stringify(name)}: [${variables.join()}]`,
  );
  return [...imports, `export default { ${texts.join(',\n')} };`].join('');
}

/** The kernel's own text first: it may begin with `enable`. What is nothing but interface has no text left. */
function importParts(
  [own, ...included]: readonly string[],
  names: Names,
): { imports: string[]; variables: string[] } {
  const parts = [own, ...included.reverse()].filter((part) => partText(part, names) !== '');
  const variables = parts.map((part) => part.replaceAll(/\W/g, '_'));
  const imports = parts.map(
    (part, k) => `import ${variables[k]} from ${JSON.stringify(PART + part)};\n`,
  );
  return { imports, variables };
}

/** Writes `x.d.wgsl.ts` next to every kernel; returns a message for each one that breaks a rule. */
export function writeAllDeclarations(): string[] {
  const problems: string[] = [];
  for (const file of listShaders()) {
    try {
      writeDeclaration(loadShader(file).shader);
    } catch (error) {
      if (!(error instanceof ShaderError)) throw error;
      problems.push(error.message);
    }
  }
  return problems;
}

function writeDeclaration(shader: Shader): void {
  const path = join(SHADER_ROOT, `${shader.name}.d.wgsl.ts`);
  const text = declare(shader);
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch {
    // not there yet
  }
  writeFileSync(path, text);
}

/**
 * The declaration of one shader. Overrides without a default are marked in the type, so that a wrapper can
 * demand them: `Shader['overrides'][name]['default']` is `undefined` for those.
 */
export function declare(shader: Shader): string {
  const union = (names: readonly string[]): string =>
    names.length === 0 ? 'never' : names.map((name) => `'${name}'`).join(' | ');
  const type = posix.join(posix.relative(posix.dirname(shader.name), ''), '../src/gpu/shader');
  const required = Object.entries(shader.overrides)
    .filter(([, info]) => info.default === undefined)
    .map(([name]) => `    readonly ${name}: OverrideInfo & { readonly default?: undefined };\n`);
  return [
    '// Written by scripts/wgsl-plugin.ts from the shader of the same name.\n',
    `import type { ${required.length ? 'OverrideInfo, ' : ''}Shader } from '${type}';\n`,
    'declare const shader: Shader<\n',
    `  ${union(shader.bindings.map((b) => b.name))},\n`,
    `  ${union(Object.keys(shader.params?.fields ?? {}))},\n`,
    `  ${union(Object.keys(shader.overrides))}\n`,
    '>',
    required.length ? ` & {\n  readonly overrides: {\n${required.join('')}  };\n}` : '',
    ';\nexport default shader;\n',
  ].join('');
}
