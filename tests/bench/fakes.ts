import type { Ceilings } from '../../benches/ceiling';

export const facts = { vendor: 'v', architecture: 'a', description: '', fallback: true };

/** 10 GB/s and 100 GFLOP/s. */
export const ceilings: Ceilings = {
  copy: { gbs: 10, contender: 'copy' },
  fma: { gflops: 100, contender: 'fma' },
};
