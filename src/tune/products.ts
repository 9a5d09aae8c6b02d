/** The products that programs launch, by size and by how their operands lie, and what a measurement of one is remembered under. */
import type { Gpu } from '../gpu/open';
import { lowerProgram } from '../graph/lower-program';
import type { ProgramSpec } from '../graph/program';
import { textOf } from '../gpu/shader';
import type { Choice, Product, ProductShader } from '../ops/matmul/choose';
import { kernelOf } from '../ops/matmul/kernels';
import type { Traits } from '../plan/types';
import { describeChoice } from './candidates';
import { withProducts } from './force';

/**
 * Distinct products in the order of their first launch, and how many launches of each there are: of a program that trains in its
 * step, which is what its time goes into, else in its evaluations.
 */
export function listProducts(
  traits: Traits,
  specs: readonly ProgramSpec[],
): { readonly product: Product; readonly launches: number }[] {
  const found = new Map<string, { product: Product; launches: number }>();
  const note = (product: Product): null => {
    const name = describeProduct(product);
    const known = found.get(name) ?? { product, launches: 0 };
    known.launches++;
    found.set(name, known);
    return null;
  };
  const recording = withProducts(traits, note);
  for (const spec of specs)
    lowerProgram(recording, spec.training ? { ...spec, evaluations: {} } : spec);
  return [...found.values()];
}

/** `3830×128×512, rows-rows`; where single elements are loaded, with the axes along which A and B are contiguous. */
export function describeProduct({ m, n, k, count, layout, alongK: [a, b] }: Product): string {
  const axes = layout === 'any' ? ` (${a ? 'K' : 'M'}, ${b ? 'K' : 'N'})` : '';
  return `${m}×${k}×${n}${count > 1 ? ` ×${count}` : ''}, ${layout}${axes}`;
}

/**
 * Everything that a measurement holds for: the adapter as far as its names tell (in Node with its driver), the text of all kernels
 * in question, the candidates and the product.
 */
export async function keyOf(
  { adapter }: Gpu,
  product: Product,
  choices: readonly Choice[],
): Promise<string> {
  const { vendor, architecture, description } = adapter;
  const kernels = choices.map((choice) => kernelOf(choice, product).shader);
  const texts = await Promise.all([...new Set<ProductShader>(kernels)].map(textOf));
  const names = choices.map((choice) => JSON.stringify([describeChoice(choice), choice.chunk]));
  const version = digest([...texts, ...names].join('\n'));
  return ['cusp', vendor, architecture, description, version, describeProduct(product)].join('|');
}

/** FNV-1a, 32 bits: tells versions of kernels apart, and keeps nobody out. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
