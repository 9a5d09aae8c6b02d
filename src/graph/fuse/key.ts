/** Keys of plain values: equal keys, equal values. Functions and typed arrays are equal only to themselves. */

const identities = new WeakMap<object, number>();
let count = 0;

export function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join(',')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    return String(value);
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, own]) => `${JSON.stringify(name)}:${keyOf(own)}`).join(',')}}`;
  }
  return `#${identityOf(value)}`;
}

/** The same number for the same object, another for each other. */
export function identityOf(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  identities.set(value, ++count);
  return count;
}
