/** What the lists of claims share: changed presets and the look of numbers. */
import { findPreset } from '../../src/lab/experiments';

export type Json = Readonly<Record<string, unknown>>;

/** A preset with parts of it replaced, one level deep. */
export function vary(preset: string, changes: Json): object {
  const config: Record<string, unknown> = { ...(findPreset(preset).config as Json) };
  for (const [key, value] of Object.entries(changes)) {
    const before = config[key];
    const both = isRecord(before) && isRecord(value);
    config[key] = both ? { ...before, ...value } : value;
  }
  return config;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Steps, `never` for Infinity. */
export const numbers = (values: readonly number[]): string =>
  values.map((value) => (Number.isFinite(value) ? String(value) : 'never')).join(' / ');
