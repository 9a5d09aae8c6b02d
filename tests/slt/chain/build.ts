/** Specs for tests: a target, its parameters' shapes, a sampler; everything else plain. */
import type { Key } from '../../../src/graph/layout';
import { chainLayout } from '../../../src/lab/check/chain-cases';
import { SAMPLER_METRICS, type SamplerOptions } from '../../../src/optim/sampler/options';
import type { ChainProgram } from '../../../src/slt/chain/compile';
import type { ChipTarget } from '../../../src/chip/types';
import type { ChainSpec } from '../../../src/slt/chain/types';

export interface Wanted {
  readonly target: ChipTarget;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly chains: number;
  readonly sampler: Pick<SamplerOptions, 'method' | 'lr'> & Partial<SamplerOptions>;
  /** Flat, without padding; zeros unless given. Chains start there. */
  readonly at?: readonly number[];
  readonly baseline?: number;
  readonly rowEvery?: number;
  readonly seed?: number;
}

export function buildSpec(wanted: Wanted): ChainSpec {
  const { target, shapes, chains, at = [], baseline = 0, rowEvery = 1, seed = 11 } = wanted;
  const layout = chainLayout(shapes);
  const anchor = new Float32Array(layout.stride);
  const mask = new Float32Array(layout.stride);
  let given = 0;
  for (const { offset, size } of layout.places) {
    for (let i = offset; i < offset + size; i++) {
      anchor[i] = at[given++] ?? 0;
      mask[i] = 1;
    }
  }
  const start = new Float32Array(chains * layout.stride);
  for (let r = 0; r < chains; r++) start.set(anchor, r * layout.stride);
  const keys = Array.from({ length: chains }, (_, r): Key => [seed, r]);
  const sampler = { nbeta: 100, localization: 1, anchor, mask, ...wanted.sampler };
  return { target, layout, keys, start, baseline, rowEvery, sampler };
}

/** Mean over chains and rows of a metric, after `burnin` steps, over `steps`. */
export async function meanOf(
  program: ChainProgram,
  metric: (typeof SAMPLER_METRICS)[number],
  burnin: number,
  steps: number,
): Promise<number> {
  const m = SAMPLER_METRICS.indexOf(metric);
  const { replicas } = program;
  const take = async (count: number): Promise<{ sum: number; n: number }> => {
    let [sum, n] = [0, 0];
    for (let left = count; left > 0;) {
      const now = Math.min(left, program.limit);
      const { rows } = await program.advance(now);
      for (let i = m * replicas; i < rows.length; i += SAMPLER_METRICS.length * replicas) {
        for (let r = 0; r < replicas; r++) sum += rows[i + r];
        n += replicas;
      }
      left -= now;
    }
    return { sum, n };
  };
  await take(burnin);
  const { sum, n } = await take(steps);
  return sum / n;
}
