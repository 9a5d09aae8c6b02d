/**
 * Small strict validators for experiments: every field has its limits and its default beside it, unknown keys and
 * wrong types are refused, and a refusal is one line that names the path, the limit and the remedy.
 *
 *     const sgd = object({ lr: number({ min: 0, max: 10, default: 0.1, label: 'Learning rate' }) });
 *     parse(sgd, JSON.parse(text))        // typed { lr: number }, or BadConfig
 *
 * What is read is copied key by key, by own keys only, so that hostile JSON can't reach a prototype.
 * schema-paths.ts turns the same schema into command-line and URL settings, and into the rows of a form.
 */
import { BadConfig } from '../gpu/errors';
import { didYouMean } from './suggest';

/** How a field shows itself to people. */
export interface Notes {
  readonly label?: string;
  readonly unit?: string;
  /** A sentence. */
  readonly help?: string;
}

export interface Common<T> extends Notes {
  /** Absent for a required field. */
  readonly default?: T;
  /** Returns the checked copy, or throws BadConfig naming `path`. */
  readonly check: (value: unknown, path: string) => T;
}

export interface NumberSchema extends Common<number> {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}
export interface ChoiceSchema<T extends string = string> extends Common<T> {
  readonly kind: 'choice';
  readonly choices: readonly T[];
}
export interface TextSchema extends Common<string> {
  readonly kind: 'text';
}
export interface FlagSchema extends Common<boolean> {
  readonly kind: 'flag';
}
export interface ListSchema<T = unknown> extends Common<readonly T[]> {
  readonly kind: 'list';
  readonly item: Schema<T>;
}
export interface ObjectSchema<T = object> extends Common<T> {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, AnySchema>>;
  /** Of `variants` only: the field that says which form it is, and the fields each form has. */
  readonly tag?: string;
  readonly forms?: Readonly<Record<string, readonly string[]>>;
}

/** What every kind of schema shares, typed by its result. */
export type Schema<T> = Common<T> & { readonly kind: AnySchema['kind'] };
export type AnySchema =
  | NumberSchema
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- results differ; only checks flow through here
  | ChoiceSchema<any>
  | TextSchema
  | FlagSchema
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  | ListSchema<any>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  | ObjectSchema<any>;
export type Infer<S> = S extends { readonly check: (value: unknown, path: string) => infer T }
  ? T
  : never;

const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/** Checks a whole experiment (already parsed JSON) and fills in the defaults. Throws BadConfig. */
export function parse<S extends AnySchema>(schema: S, value: unknown): Infer<S> {
  return schema.check(value, '') as Infer<S>;
}

export function refuse(path: string, value: unknown, limit: string, remedy?: string): never {
  throw new BadConfig(path, { asked: `got ${show(value)}`, limit, remedy });
}

/** The value for a message: short, on one line. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export interface NumberOptions extends Notes {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  readonly default?: number;
}

/** A finite number from `min` to `max`, both included. */
/* @__NO_SIDE_EFFECTS__ */
export function number(options: NumberOptions): NumberSchema {
  const { min, max, integer = false } = options;
  const article = integer ? 'a whole number' : 'a number';
  return withDefault({
    ...options,
    kind: 'number',
    integer,
    check(value, path) {
      if (
        typeof value !== 'number' ||
        !Number.isFinite(value) ||
        (integer && !Number.isInteger(value))
      ) {
        refuse(path, value, `must be ${article} from ${min} to ${max}`);
      }
      if (value < min)
        refuse(path, value, `must be at least ${min}`, `Choose ${article} from ${min} to ${max}`);
      if (value > max)
        refuse(path, value, `must be at most ${max}`, `Choose ${article} from ${min} to ${max}`);
      return value;
    },
  });
}

export interface ChoiceOptions<T> extends Notes {
  readonly default?: NoInfer<T>;
}

/** One of a few words. */
/* @__NO_SIDE_EFFECTS__ */
export function choice<const T extends string>(
  choices: readonly T[],
  options: ChoiceOptions<T> = {},
): ChoiceSchema<T> {
  return withDefault<ChoiceSchema<T>>({
    ...options,
    kind: 'choice',
    choices,
    check(value, path) {
      const found = choices.find((word) => word === value);
      if (found !== undefined) return found;
      refuse(
        path,
        value,
        `must be one of ${choices.join(', ')}`,
        didYouMean(String(value), choices),
      );
    },
  });
}

export interface TextOptions extends Notes {
  readonly default?: string;
  /** In UTF-16 units; 200 unless given. */
  readonly maxLength?: number;
  /** The whole text must match; `form` says so in words. */
  readonly pattern?: RegExp;
  readonly form?: string;
}

/* @__NO_SIDE_EFFECTS__ */
export function text({ maxLength = 200, pattern, form, ...options }: TextOptions = {}): TextSchema {
  return withDefault({
    ...options,
    kind: 'text',
    check(value, path) {
      if (typeof value !== 'string') refuse(path, value, 'must be text');
      if (value.length > maxLength) {
        refuse(
          path,
          value,
          `has ${value.length} characters, at most ${maxLength} are allowed`,
          'Shorten it',
        );
      }
      if (pattern && pattern.exec(value)?.[0] !== value) {
        refuse(path, value, `must be ${form ?? `of the form ${pattern.source}`}`);
      }
      return value;
    },
  });
}

/** true or false. */
/* @__NO_SIDE_EFFECTS__ */
export function flag(options: Notes & { readonly default?: boolean } = {}): FlagSchema {
  return withDefault({
    ...options,
    kind: 'flag',
    check(value, path) {
      if (typeof value !== 'boolean') refuse(path, value, 'must be true or false');
      return value;
    },
  });
}

export interface ListOptions<T> extends Notes {
  readonly default?: readonly NoInfer<T>[];
  readonly minLength?: number;
  /** 1,000 unless given. */
  readonly maxLength?: number;
}

/** A list of like items, at paths `name.0`, `name.1` and so on. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(item: Schema<T>, options: ListOptions<T> = {}): ListSchema<T> {
  const { minLength = 0, maxLength = 1000, ...notes } = options;
  return withDefault<ListSchema<T>>({
    ...notes,
    kind: 'list',
    item,
    check(value, path) {
      if (!Array.isArray(value)) refuse(path, value, 'must be a list');
      if (value.length < minLength || value.length > maxLength) {
        refuse(path, value, `must have ${minLength} to ${maxLength} items`);
      }
      return Array.from(value, (entry: unknown, i) => item.check(entry, joinPath(path, String(i))));
    },
  });
}

type Shape<F> = { -readonly [K in keyof F]: Infer<F[K]> };

/**
 * Exactly these fields. A missing one takes its default; an object all of whose fields have defaults may be
 * missing itself.
 */
/* @__NO_SIDE_EFFECTS__ */
export function object<const F extends Readonly<Record<string, AnySchema>>>(
  fields: F,
  notes: Notes = {},
): ObjectSchema<Shape<F>> {
  const known = Object.keys(fields);
  for (const key of FORBIDDEN_KEYS) {
    if (Object.hasOwn(fields, key)) throw new RangeError(`${key} can't be the name of a field`);
  }
  function check(value: unknown, path: string): Shape<F> {
    if (!isPlainObject(value)) refuse(path, value, 'must be an object');
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const remedy = didYouMean(key, known) ?? `Known here: ${known.join(', ')}`;
      throw new BadConfig(joinPath(path, key), { asked: 'unknown key', remedy });
    }
    const result: Record<string, unknown> = {};
    for (const key of known) {
      const field = fields[key];
      const at = joinPath(path, key);
      const given = Object.hasOwn(value, key) ? value[key] : undefined;
      if (given !== undefined) result[key] = field.check(given, at);
      else if (field.default !== undefined) result[key] = structuredClone(field.default);
      else if (field.kind === 'object') result[key] = field.check({}, at);
      else
        throw new BadConfig(at, {
          asked: 'missing',
          limit: 'it has no default',
          remedy: 'Give a value',
        });
    }
    return result as Shape<F>;
  }
  return { ...notes, kind: 'object', fields, check };
}

/** A default outside its own limits is a mistake of the schema's author: found when the schema is made. */
/* @__NO_SIDE_EFFECTS__ */
export function withDefault<S extends Common<unknown>>(schema: S): S {
  if (schema.default !== undefined) schema.check(schema.default, 'default');
  return schema;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // By shape and not by identity: JSON of another realm (a worker, an iframe, a test runner) is as good.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function joinPath(path: string, key: string): string {
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  return path ? `${path}.${shown}` : shown;
}
