/**
 * A schema seen as dotted paths: rows for a form, `--set path=value`, and URL parameters. Text becomes a value by
 * the type the schema gives the path, never by guessing.
 */
import { BadConfig } from '../gpu/errors';
import {
  joinPath,
  parse,
  type AnySchema,
  type Infer,
  type Notes,
  type ObjectSchema,
} from './schema';
import { didYouMean } from './suggest';

/** One field that can be set, as a form or a help page shows it. */
export interface FieldRow extends Notes {
  /** Dotted, for example `optimizer.lr`. */
  readonly path: string;
  readonly kind: 'number' | 'choice' | 'text' | 'flag' | 'list';
  /** Of numbers only. */
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  /** Of choices only. */
  readonly choices?: readonly string[];
  /** Absent when the field is required. */
  readonly default?: unknown;
  readonly required: boolean;
}

/** A row per settable field, in the order of the schema; objects are walked into, lists are one field. */
export function describe(schema: AnySchema, path = ''): FieldRow[] {
  if (schema.kind === 'object') {
    // What is left out unless asked for has no rows: a form shows it in its own way.
    if (schema.default === null) return [];
    const fields: Record<string, AnySchema> = schema.fields;
    return Object.entries(fields).flatMap(([key, field]) => describe(field, joinPath(path, key)));
  }
  const { kind, label, unit, help } = schema;
  const notes = { ...(label && { label }), ...(unit && { unit }), ...(help && { help }) };
  const limits =
    schema.kind === 'number'
      ? { min: schema.min, max: schema.max, integer: schema.integer }
      : schema.kind === 'choice'
        ? { choices: schema.choices }
        : {};
  const required = schema.default === undefined;
  const given = required ? {} : { default: schema.default as unknown };
  return [{ path, kind, ...limits, ...given, required, ...notes }];
}

/**
 * A copy of the raw `config` with the field at `path` set from `text`, checked by its own field's limits; parse
 * the result to check the whole. Lists are written `1,2,3`, or as JSON. Throws BadConfig naming the path.
 */
export function setPath<T>(
  schema: ObjectSchema<T>,
  config: unknown,
  path: string,
  text: string,
): Record<string, unknown> {
  const field = findField(schema, path);
  const value = field.check(readText(field, text, path), path) as unknown;
  const keys = path.split('.');
  return assign(dropOtherForms(schema, config, keys, value), keys, value, path);
}

/** Where the tag of `variants` is set, what belongs to other forms goes: it would be refused as unknown. */
function dropOtherForms(
  schema: AnySchema,
  config: unknown,
  keys: readonly string[],
  value: unknown,
): unknown {
  const [key, ...rest] = keys;
  if (schema.kind !== 'object' || !isRecord(config)) return config;
  if (rest.length > 0) {
    if (!Object.hasOwn(config, key)) return config;
    const inner = dropOtherForms(schema.fields[key], config[key], rest, value);
    return { ...config, [key]: inner };
  }
  if (schema.tag !== key || config[key] === value) return config;
  const kept = schema.forms?.[String(value)] ?? [];
  return Object.fromEntries(Object.entries(config).filter(([name]) => kept.includes(name)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field at a dotted path, by own keys. */
function findField(schema: AnySchema, path: string): AnySchema {
  let field: AnySchema = schema;
  for (const key of path.split('.')) {
    const fields: Record<string, AnySchema> = field.kind === 'object' ? field.fields : {};
    if (!Object.hasOwn(fields, key)) {
      const known = describe(schema).map((row) => row.path);
      const remedy = didYouMean(path, known) ?? `Known are ${known.join(', ')}`;
      throw new BadConfig(path, { asked: 'no such setting', remedy });
    }
    field = fields[key];
  }
  if (field.kind === 'object' && field.default !== null) {
    const inside = describe(field, path).map((row) => row.path);
    throw new BadConfig(path, { asked: 'is a group', remedy: `Set one of ${inside.join(', ')}` });
  }
  return field;
}

/** Copies along the path only. */
function assign(
  config: unknown,
  keys: readonly string[],
  value: unknown,
  path: string,
): Record<string, unknown> {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new BadConfig(path, { asked: 'what holds it is not an object' });
  }
  const copy: Record<string, unknown> = { ...config };
  const [key, ...rest] = keys;
  if (rest.length === 0) copy[key] = value;
  else copy[key] = assign((Object.hasOwn(copy, key) ? copy[key] : null) ?? {}, rest, value, path);
  return copy;
}

/** Text to a value of the field's kind; what does not fit is left as text for the field's check to refuse. */
function readText(field: AnySchema, text: string, path: string): unknown {
  switch (field.kind) {
    case 'number':
      return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : text;
    case 'flag':
      return text === 'true' || text === '1'
        ? true
        : text === 'false' || text === '0'
          ? false
          : text;
    case 'list':
      return readList(field.item as AnySchema, text, path);
    case 'object': // one that may be null: `null`, or all of it as JSON
      return readJson(text, path);
    default:
      return text;
  }
}

function readList(item: AnySchema, text: string, path: string): unknown {
  if (text.trim() === '') return [];
  if (text.trim().startsWith('[')) return readJson(text, path);
  return text.split(',').map((part) => readText(item, part.trim(), path));
}

function readJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadConfig(
      path,
      { asked: 'is not JSON', remedy: 'Write 1,2,3 or [1, 2, 3]' },
      { cause },
    );
  }
}

/** The value as `setPath` and a URL read it back. */
export function formatValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const simple = value.every((item) => typeof item === 'number' || typeof item === 'boolean');
  return simple && value.length > 0 ? value.join(',') : JSON.stringify(value);
}

/** URL parameters of a parsed config: dotted keys, only what differs from the defaults. */
export function toParams<T>(schema: ObjectSchema<T>, config: T): URLSearchParams {
  const params = new URLSearchParams();
  for (const row of describe(schema)) {
    const value = readPath(config, row.path);
    if (value === undefined) continue; // a field of another form
    if (row.required || formatValue(value) !== formatValue(row.default)) {
      params.set(row.path, formatValue(value));
    }
  }
  return params;
}

function readPath(config: unknown, path: string): unknown {
  let value = config;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

/**
 * The config that URL parameters describe, laid over `base` (raw, for example a preset) and parsed. Parameters
 * named in `ignore` belong to the page. Throws BadConfig for unknown, repeated or ill-valued ones.
 */
export function fromParams<T>(
  schema: ObjectSchema<T>,
  params: URLSearchParams,
  { base = {}, ignore = [] }: { readonly base?: unknown; readonly ignore?: readonly string[] } = {},
): Infer<ObjectSchema<T>> {
  let config: unknown = base;
  const seen = new Set<string>();
  for (const [path, text] of params) {
    if (ignore.includes(path)) continue;
    if (seen.has(path)) {
      throw new BadConfig(path, { asked: 'given twice', remedy: 'Give it once' });
    }
    seen.add(path);
    config = setPath(schema, config, path, text);
  }
  return parse(schema, config);
}
