/**
 * Vite plugin: `import matmul from '../../shaders/matmul.wgsl'` yields a `Shader` (src/gpu/shader.ts).
 * Works the same in dev, build, vitest and scripts/run.mjs. Built pages get the text without comments.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Plugin } from 'vite';
import type { Shader } from '../src/gpu/shader';
import { loadShader } from './reflect.ts';
import { SHADER_ROOT, ShaderError, listShaders, minify, shaderFile } from './wgsl-source.ts';

export function wgsl(): Plugin {
  let building = false;
  return {
    name: 'cusp:wgsl',
    enforce: 'pre',
    configResolved(config) {
      building = config.command === 'build';
    },
    buildStart() {
      // A broken shader must not stop a page that does not use it: importing it is what fails.
      for (const problem of writeAllDeclarations()) this.warn(problem);
    },
    load(id) {
      if (!id.endsWith('.wgsl')) return null;
      const file = shaderFile(id);
      if (file === null)
        this.error(`${id}: only kernels under shaders/ (not lib/) can be imported`);
      const { shader, files } = loadShader(file);
      for (const path of files) this.addWatchFile(path);
      writeDeclaration(shader);
      const shown: Shader = building ? { ...shader, code: minify(shader.code) } : shader;
      return { code: `export default ${JSON.stringify(shown)};`, map: null, moduleType: 'js' };
    },
  };
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
