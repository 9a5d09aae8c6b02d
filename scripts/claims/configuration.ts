/** A configuration in a few words: the preset it is nearest to and what was changed there. */
import { findExperiment, presets } from '../../src/lab/experiments';

/** `modular-addition.quick, data.fraction = 0.3`; seeds are left out, they have a column of their own. */
export function describeConfiguration(config: object): string {
  const own = flatten(completeOf(config));
  const kind = own.get('experiment');
  const candidates = presets
    .map(({ name, config: base }) => ({ name, fields: flatten(completeOf(base)) }))
    .filter(({ fields }) => fields.get('experiment') === kind)
    .map(({ name, fields }) => ({ name, changes: changesOf(fields, own) }))
    .sort((a, b) => a.changes.length - b.changes.length);
  const [nearest] = candidates;
  return nearest ? [nearest.name, ...nearest.changes].join(', ') : String(kind);
}

/** Of several: what they share once, and how many there are. */
export function describeConfigurations(configs: readonly object[]): string {
  const all = [...new Set(configs.map(describeConfiguration))];
  if (all.length < 2) return all[0] ?? '';
  const [first, ...others] = all.map((text) => text.split(', '));
  const shared = first.filter((part) => others.every((parts) => parts.includes(part)));
  const own = all.map((text) => text.split(', ').filter((part) => !shared.includes(part)));
  return `${shared.join(', ')}; ${own.map((parts) => parts.join(' ') || 'as it is').join(' / ')}`;
}

function completeOf(config: object): object {
  return findExperiment(config).parse(config) as object;
}

/** Lists are one field; an object that may be null and is there has its own. */
function flatten(value: object, path = '', found = new Map<string, string>()): Map<string, string> {
  for (const [key, field] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof field === 'object' && field !== null && !Array.isArray(field))
      flatten(field as object, at, found);
    else found.set(at, typeof field === 'string' ? field : JSON.stringify(field));
  }
  return found;
}

function changesOf(base: Map<string, string>, own: Map<string, string>): string[] {
  const paths = [...new Set([...base.keys(), ...own.keys()])].filter((path) => path !== 'seed');
  return paths.flatMap((path) => {
    const value = own.get(path);
    if (value === base.get(path)) return [];
    return value === undefined ? [] : [`${path} = ${shorten(value)}`];
  });
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
