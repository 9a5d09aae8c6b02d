/**
 * Validators for fields that are one thing or another: a number or null, a number or a word, an object or nothing, one of several
 * kinds of object. Built on those of schema.ts, and as strict.
 */
import { BadConfig } from '../gpu/errors';
import {
  choice,
  isPlainObject,
  joinPath,
  number,
  refuse,
  text,
  withDefault,
  type AnySchema,
  type Infer,
  type ListSchema,
  type Notes,
  type NumberOptions,
  type NumberSchema,
  type ObjectSchema,
  type Schema,
  type TextSchema,
} from './schema';

/** A number or null; `null` as text counts, as it comes from a URL. */
/* @__NO_SIDE_EFFECTS__ */
export function nullable(schema: NumberSchema): NumberSchema & Schema<number | null> {
  return {
    ...schema,
    nullable: true,
    default: null,
    check: (value: unknown, path: string): number | null =>
      value === null || value === 'null' ? null : schema.check(value, path),
  } as unknown as NumberSchema & Schema<number | null>;
}

/** A number, or one of a few words instead of it. */
/* @__NO_SIDE_EFFECTS__ */
export function numberOr<const W extends string>(
  words: readonly W[],
  { default: start, ...limits }: Omit<NumberOptions, 'default'> & { readonly default?: number | W },
): TextSchema & Schema<number | W> {
  const plain = number(limits);
  return withDefault({
    ...limits,
    ...(start !== undefined && { default: start }),
    kind: 'text',
    check(value: unknown, path: string): number | W {
      const found = words.find((word) => word === value);
      if (found !== undefined) return found;
      if (typeof value !== 'string') return plain.check(value, path);
      const read = value.trim() === '' ? NaN : Number(value);
      if (Number.isFinite(read)) return plain.check(read, path);
      refuse(path, value, `must be a number or one of ${words.join(', ')}`);
    },
  }) as unknown as TextSchema & Schema<number | W>;
}

/** An object that may be null, and is unless given: a part that an experiment can do without. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(
  schema: ObjectSchema<T>,
  notes: Notes = {},
): Omit<ObjectSchema<T>, 'check' | 'default'> & ObjectSchema<T | null> {
  return {
    ...schema,
    ...notes,
    default: null,
    check: (value: unknown, path: string): T | null =>
      value === null ? null : schema.check(value, path),
  };
}

/** Anything that `read` makes of a JSON value; for the few fields that no other form fits. */
/* @__NO_SIDE_EFFECTS__ */
export function custom<T>(
  read: (value: unknown, path: string) => T,
  options: Notes & { readonly default?: NoInfer<T> } = {},
): ListSchema & Schema<T> {
  const item: AnySchema = text({ maxLength: 10_000 });
  return { ...options, kind: 'list', item, check: read } as unknown as ListSchema & Schema<T>;
}

/**
 * Objects of several forms, told apart by the field `tag`: each form has its own fields, and those of another are unknown
 * keys. The first form is what a missing tag means.
 *
 *     variants('kind', { circle: object({ radius: … }), square: object({ side: … }) })
 */
/* @__NO_SIDE_EFFECTS__ */
export function variants<
  const K extends string,
  const F extends Readonly<Record<string, ObjectSchema<object>>>,
>(
  tag: K,
  forms: F,
  notes: Notes = {},
): ObjectSchema<{ [N in keyof F]: { [T in K]: N } & Infer<F[N]> }[keyof F]> {
  const names = Object.keys(forms);
  const word = choice(names, { default: names[0], label: notes.label });
  const merged: Record<string, AnySchema> = { [tag]: word };
  for (const { fields } of Object.values(forms)) {
    for (const [key, field] of Object.entries(fields)) merged[key] ??= field;
  }
  return {
    ...notes,
    kind: 'object',
    fields: merged,
    tag,
    forms: Object.fromEntries(names.map((name) => [name, Object.keys(forms[name].fields)])),
    check(value, path) {
      if (!isPlainObject(value)) refuse(path, value, 'must be an object');
      const { [tag]: given, ...rest } = value;
      const name = given === undefined ? names[0] : word.check(given, joinPath(path, tag));
      return { [tag]: name, ...forms[name].check(rest, path) } as never;
    },
  };
}

/** Refuses what has not the form of a custom field. */
export function refuseForm(path: string, asked: string, limit: string): never {
  throw new BadConfig(path, { asked, limit, remedy: 'Write it in that form' });
}
