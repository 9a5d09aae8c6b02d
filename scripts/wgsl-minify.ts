/**
 * Minifies WGSL for a build: short names (wgsl-names.ts), no spaces that the grammar does without, shorter numbers, a line per
 * declaration.
 */
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
