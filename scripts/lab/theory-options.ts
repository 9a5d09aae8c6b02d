/** Options of `lab theory`: text to numbers, each refusal one line that names the option. */
import { BadConfig } from '../../src/gpu/errors';
import type { PotentialTerm } from '../../src/slt/theory';
import { UsageError } from './usage';

export type Values = Readonly<Record<string, string | undefined>>;

/** `--nbeta -5` as `--nbeta=-5`, so that a negative number is read and refused as what it is. */
export function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined[joined.length - 1];
    const negative = /^-[\d.]/.test(arg) && /^--[\w-]+$/.test(before ?? '');
    if (negative) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** A number the option must have. */
export function requireNumber(values: Values, name: string): number {
  const value = readNumber(values, name);
  if (value === undefined) throw new UsageError(`--${name}: missing; give a number`);
  return value;
}

export function readNumber(values: Values, name: string): number | undefined {
  const text = values[name];
  return text === undefined ? undefined : parseNumber(name, text, text);
}

/** "1,2" or "[1, 2]". */
export function requireNumbers(values: Values, name: string): number[] {
  const found = readNumbers(values, name);
  if (!found) throw new UsageError(`--${name}: missing; give numbers such as 5,5,5`);
  return found;
}

export function readNumbers(values: Values, name: string): number[] | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const inside = /^\s*\[([^[\]]*)\]\s*$/.exec(text)?.[1] ?? text;
  return inside.split(',').map((part) => parseNumber(name, part, text));
}

export function requireText(values: Values, name: string, example: string): string {
  const text = values[name];
  if (text === undefined) throw new UsageError(`--${name}: missing; give one such as ${example}`);
  return text;
}

/** An option that means something only beside another. */
export function requireTogether(values: Values, name: string, other: string): void {
  if (values[name] === undefined || values[other] !== undefined) return;
  throw new UsageError(`--${name}: says nothing without --${other}; give both`);
}

/** Terms of a potential as JSON; their values are checked where they are used. Throws BadConfig. */
export function requireTerms(values: Values): PotentialTerm[] {
  const text = requireText(values, 'terms', '[{"coefficient":1,"powers":[2,2]}]');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`--terms ${shorten(text)}: is not JSON`);
  }
  if (!Array.isArray(parsed)) {
    throw new BadConfig('terms', {
      asked: `got ${shorten(text)}`,
      limit: 'must be a list of {coefficient, powers}',
    });
  }
  return parsed.map((term: unknown, i) => readTerm(term, `terms.${i}`));
}

function readTerm(term: unknown, path: string): PotentialTerm {
  if (typeof term !== 'object' || term === null || Array.isArray(term)) {
    throw new BadConfig(path, {
      asked: `got ${shorten(JSON.stringify(term))}`,
      limit: 'must be an object {coefficient, powers}',
    });
  }
  const unknown = Object.keys(term).find((key) => key !== 'coefficient' && key !== 'powers');
  if (unknown !== undefined) {
    throw new BadConfig(`${path}.${shorten(unknown)}`, 'unknown key; use coefficient and powers');
  }
  const { coefficient, powers } = term as { coefficient?: unknown; powers?: unknown };
  if (typeof coefficient !== 'number') {
    throw new BadConfig(`${path}.coefficient`, {
      asked: `got ${shorten(JSON.stringify(coefficient) ?? 'nothing')}`,
      limit: 'must be a number',
    });
  }
  if (!Array.isArray(powers) || powers.some((power) => typeof power !== 'number')) {
    throw new BadConfig(`${path}.powers`, {
      asked: `got ${shorten(JSON.stringify(powers) ?? 'nothing')}`,
      limit: 'must be a list of whole numbers, one per variable',
    });
  }
  return { coefficient, powers: powers as number[] };
}

function parseNumber(name: string, part: string, whole: string): number {
  const value = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(part) ? Number(part) : NaN;
  if (Number.isFinite(value)) return value;
  const what = part === whole ? 'must be a number' : 'must be numbers separated by commas';
  throw new UsageError(`--${name} ${shorten(whole)}: ${what}`);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
