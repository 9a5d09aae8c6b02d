/**
 * Vite plugin: `import matmul from '../../shaders/matmul.wgsl'` yields a `Shader` (src/gpu/shader.ts).
 * Works the same in dev, build, vitest and scripts/run.mjs. A build gets the text minified (wgsl-minify.ts), and each included file
 * once for all kernels that share it: WGSL does not mind the order of declarations.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import type { Shader } from '../src/gpu/shader';
import { loadShader } from './reflect.ts';
import { packFacts } from './wgsl-facts.ts';
import { chooseNames, minify, type Names } from './wgsl-minify.ts';
import { SHADER_ROOT, ShaderError, listShaders, readOwnText, shaderFile } from './wgsl-source.ts';

/** Module that holds the text of one included file. */
const PART = '\0wgsl-part:';
/** Module that reads packed interfaces back. */
const UNPACK = join(SHADER_ROOT, '../src/gpu/unpack-shader.ts').split(sep).join('/');

export function wgsl(): Plugin {
  let building = false;
  let names: Names = new Map();
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
    resolveId: (id) => (id.startsWith(PART) ? id : null),
    load(id) {
      if (id.startsWith(PART)) {
        const text = minify(readOwnText(id.slice(PART.length)), names);
        return { code: `export default ${JSON.stringify(text)};`, map: null, moduleType: 'js' };
      }
      if (!id.endsWith('.wgsl')) return null;
      const file = shaderFile(id);
      if (file === null)
        this.error(`${id}: only kernels under shaders/ (not lib/) can be imported`);
      const { shader, files } = loadShader(file);
      for (const path of files) this.addWatchFile(path);
      writeDeclaration(shader);
      const code = building ? sharedModule(shader, file, files, names) : wholeModule(shader);
      return { code, map: null, moduleType: 'js' };
    },
  };
}

function wholeModule(shader: Shader): string {
  return `export default ${JSON.stringify(shader)};`;
}

/** The shader's module in a build: its own text, joined at load with the parts that it shares with others. */
function sharedModule(
  shader: Shader,
  file: string,
  files: readonly string[],
  short: Names,
): string {
  const names = files.map((path) => relative(SHADER_ROOT, path).split(sep).join('/'));
  const parts = names.filter((name) => name !== file);
  const imports = parts.map((name, k) => `import part${k} from ${JSON.stringify(PART + name)};\n`);
  // Its own text first: it may begin with `enable`.
  const texts = [
    JSON.stringify(minify(readOwnText(file), short)),
    ...parts.map((_, k) => `part${k}`),
  ];
  return [
    `import { unpackShader } from ${JSON.stringify(UNPACK)};\n`,
    ...imports,
    `export default /* @__PURE__ */ unpackShader(${JSON.stringify(packFacts(shader))}, `,
    `/* @__PURE__ */ [${texts.join(', ')}].join('\\n'));`,
  ].join('');
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
