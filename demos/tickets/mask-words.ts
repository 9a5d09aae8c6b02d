/** The sentence above the masks of a network. */
import type { Density } from './density';
import type { Entrant } from './entrants';
import { sayDensity, sayTensor } from './words';

export function sayMask({ label }: Entrant, density: Density, names: readonly string[]): string {
  const parts = names.map((name, k) => ({ name, share: density.tensors[k] ?? 0 }));
  const sorted = [...parts].sort((a, b) => b.share - a.share);
  const [most, least] = [sorted[0], sorted.at(-1)];
  const begin = `${label} keeps ${sayDensity(density.all)}`;
  const text = `${begin.charAt(0).toUpperCase()}${begin.slice(1)}`;
  if (most === undefined || least === undefined || most === least) return `${text} of its weights`;
  return `${text}: ${sayDensity(most.share)} of ${sayTensor(most.name)[0]}, ${sayDensity(least.share)} of ${sayTensor(least.name)[0]}`;
}
