/** Reading and changing a configuration by dotted path, and checking what a visitor or a link asks for. */
import type { FieldRow } from '../../src/lab/schema-paths';

/** A row of the experiment's description: what a control, a URL parameter and an error message need to know. */
export type Field = FieldRow & {
  /** Of numbers: words that may stand instead of one. */
  readonly words?: readonly string[];
  /** What null means, where it is not “all”. */
  readonly blank?: string;
};

export type Config = Readonly<Record<string, unknown>>;

/** The value at a path, own keys only; undefined when there is none. */
export function valueAt(config: unknown, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A copy of the configuration with one value replaced; `path` must be a field's, never a visitor's own text. */
export function withValue(config: Config, path: string, value: unknown): Config {
  const [key, ...rest] = path.split('.');
  if (key === undefined) return config;
  if (rest.length === 0) return { ...config, [key]: value };
  const inner = Object.hasOwn(config, key) ? config[key] : {};
  const group = typeof inner === 'object' && inner !== null ? (inner as Config) : {};
  return { ...config, [key]: withValue(group, rest.join('.'), value) };
}

/** Lists are the same when their items are. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b);
}

/** Paths at which two configurations differ. */
export function changedPaths(fields: readonly Field[], a: unknown, b: unknown): string[] {
  return fields
    .map((field) => field.path)
    .filter((path) => !sameValue(valueAt(a, path), valueAt(b, path)));
}

/** What a field is called on the page. */
export function labelOf(field: Field): string {
  return field.label ?? field.path;
}

export interface ParsedValue {
  /** Undefined when the text was refused. */
  readonly value: unknown;
  /** A sentence without its full stop, or null when the text was taken as it is. */
  readonly problem: string | null;
}

/** A text as a value of the field: numbers are brought into their range, and whatever is not taken as it is, is told. */
export function parseValue(field: Field, text: string): ParsedValue {
  const { path } = field;
  const refuse = (wanted: string): ParsedValue => ({
    value: undefined,
    problem: `${path} must be ${wanted}, not “${clip(text)}”; it was left as it is`,
  });
  // A field whose default is null calls it “all” or “none”.
  if (field.default === null && (text === 'null' || text === '')) {
    return { value: null, problem: null };
  }
  switch (field.kind) {
    case 'flag':
      if (text === 'true' || text === 'false') return { value: text === 'true', problem: null };
      return refuse('true or false');
    case 'choice':
      if (field.choices?.includes(text) === true) return { value: text, problem: null };
      return refuse(`one of ${(field.choices ?? []).join(', ')}`);
    case 'text':
      return { value: text.slice(0, 200), problem: null };
    case 'list':
      return { value: readList(text), problem: null };
    case 'number': {
      if (field.words?.includes(text.trim()) === true) return { value: text.trim(), problem: null };
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number)) return refuse('a number');
      const whole = field.integer === true ? Math.round(number) : number;
      const value = Math.min(field.max ?? Infinity, Math.max(field.min ?? -Infinity, whole));
      if (value === number) return { value, problem: null };
      return { value, problem: `${path} = ${clip(text)} is out of range, ${value} is used` };
    }
  }
}

/** As the address and the text box write lists: numbers by commas, or JSON. The experiment's own check follows. */
function readList(text: string): unknown {
  const trimmed = text.trim().slice(0, 4000);
  if (trimmed === 'null' || trimmed === '') return trimmed === '' ? [] : null;
  if (trimmed.startsWith('[')) {
    try {
      return JSON.parse(trimmed) as unknown;
    } catch {
      return [trimmed];
    }
  }
  return trimmed.split(',').map((part) => {
    const word = part.trim();
    return word !== '' && Number.isFinite(Number(word)) ? Number(word) : word;
  });
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
