/** The same device with another way to compute products: for benches, checks and the tuner itself. */
import type { Gpu } from '../gpu/open';
import { tuneProducts, type Choice, type Product } from '../ops/matmul/choose';
import type { Traits } from '../plan/types';

/** Traits under which `choose` decides, and the rules where it says null. */
export function withProducts(traits: Traits, choose: (product: Product) => Choice | null): Traits {
  const own = { ...traits };
  tuneProducts(own, choose);
  return own;
}

export function usingProducts(gpu: Gpu, choose: (product: Product) => Choice | null): Gpu {
  return Object.create(gpu, { traits: { value: withProducts(gpu.traits, choose) } }) as Gpu;
}
