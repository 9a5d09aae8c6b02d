/**
 * Minifies WGSL for a build: short names (wgsl-names.ts), no spaces that the grammar does without, shorter numbers, a line per
 * declaration.
 */
import { isLiteral } from './reflect.ts';
import type { Names } from './wgsl-names.ts';
import { readWords, tokenize } from './wgsl-tokens.ts';

const WORDLIKE = /^(?:\w|\.\d)/;

/** The same program in fewer bytes. Line breaks stand between declarations only. */
export function minify(code: string, names: Names): string {
  const tokens = tokenize(code);
  const { roles } = readWords(tokens);
  let out = '';
  let depth = 0;
  tokens.forEach((token, i) => {
    if (token === ',' && /^[)}\]]/.test(tokens[i + 1] ?? '')) return;
    const role = roles[i];
    const text = role ? (names[role].get(token) ?? token) : shorten(token);
    if (needsSpace(out, text)) out += ' ';
    out += text;
    if (token === '{') depth++;
    if (token === '}') depth--;
    if (depth === 0 && (token === '}' || token === ';')) out += '\n';
  });
  return out.trimEnd();
}

/** The text without Params, bindings and the overrides that a host sets: src/gpu/unpack-shader.ts declares them. */
export function dropInterface(code: string): string {
  const tokens = tokenize(code);
  const kept: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const last = endOfInterface(tokens, i);
    if (last === null) kept.push(tokens[i]);
    else i = tokens.indexOf(last, i);
  }
  return kept.join(' ');
}

/** The token that ends a part of the interface, where one begins at `i`. */
function endOfInterface(tokens: readonly string[], i: number): string | null {
  if (tokens[i] === 'struct' && tokens[i + 1] === 'Params') return '}';
  if (tokens[i] === '@' && tokens[i + 1] === 'group') return ';';
  if (tokens[i] !== 'override') return null;
  const value = tokens.slice(i + 5, tokens.indexOf(';', i)).join('');
  // A default that is computed from others is the kernel's own.
  return tokens[i + 4] === ';' || isLiteral(value) ? ';' : null;
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
