/** Reads shader text: resolves `#include "lib/x.wgsl"` (relative to shaders/, each file once), finds files. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SHADER_ROOT = resolve(fileURLToPath(new URL('../shaders', import.meta.url)));

export interface ShaderSource {
  readonly code: string;
  /** Absolute paths of the file and everything it includes. */
  readonly files: readonly string[];
  /** The same as paths under shaders/. */
  readonly parts: readonly string[];
}

/** A broken rule in a shader file; the message starts with the file's name under shaders/. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
  constructor(file: string, rule: string) {
    super(`shaders/${file}: ${rule}`);
  }
}

const INCLUDE = /^[ \t]*#include\b(.*)$/;

/** Text of `file` (a path under `root`) with its includes in place. Throws ShaderError. */
export function readShader(file: string, root = SHADER_ROOT): ShaderSource {
  const seen = new Set<string>();
  const expand = (name: string, from: string): string => {
    if (seen.has(name)) return '';
    seen.add(name);
    return readText(name, from, root)
      .split('\n')
      .map((line, i) => {
        const match = INCLUDE.exec(line);
        if (!match) return line;
        const target = /^\s+"([\w./-]+\.wgsl)"\s*(\/\/.*)?$/.exec(match[1]!)?.[1];
        if (!target || target.split('/').includes('..')) {
          throw new ShaderError(name, `line ${i + 1}: write includes as #include "lib/name.wgsl"`);
        }
        return expand(target, `${name} line ${i + 1}`);
      })
      .join('\n');
  };
  const code = expand(file, file);
  return { code, files: [...seen].map((name) => join(root, name)), parts: [...seen] };
}

/** A file without its include lines: what a build joins with the included files, each kept once for all kernels. */
export function readOwnText(file: string, root = SHADER_ROOT): string {
  return readText(file, file, root)
    .split('\n')
    .filter((line) => !INCLUDE.test(line))
    .join('\n');
}

function readText(name: string, from: string, root: string): string {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    throw new ShaderError(from, `cannot read shaders/${name}`);
  }
}

/** Kernels under `root`, as sorted paths with `/`; shaders/lib/ holds functions, not kernels. */
export function listShaders(root = SHADER_ROOT): string[] {
  let names: string[];
  try {
    names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  } catch {
    return []; // no folder, no shaders
  }
  return names
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.wgsl') && !name.startsWith('lib/'))
    .sort();
}

/** Path under shaders/ of an absolute path, or null for a file elsewhere or a library file. */
export function shaderFile(path: string, root = SHADER_ROOT): string | null {
  const name = relative(root, path).split(sep).join('/');
  return name.startsWith('..') || name.startsWith('lib/') ? null : name;
}

/** The code without comments (WGSL's block comments nest), line breaks kept. */
export function stripComments(code: string): string {
  let out = '';
  let depth = 0;
  for (let i = 0; i < code.length; i++) {
    const two = code.slice(i, i + 2);
    if (two === '/*') {
      depth++;
      i++;
    } else if (two === '*/' && depth > 0) {
      depth--;
      i++;
      out += ' ';
    } else if (depth > 0) {
      if (code[i] === '\n') out += '\n';
    } else if (two === '//') {
      const end = code.indexOf('\n', i);
      i = (end < 0 ? code.length : end) - 1;
    } else {
      out += code[i];
    }
  }
  return out;
}
