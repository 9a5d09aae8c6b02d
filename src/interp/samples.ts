/** The points at which gradient symmetricity is taken; trace and twin look at the same ones. */
import { createRandom } from '../random/random';
import { streams } from '../random/streams';

/** As many as in Zhong et al., arXiv 2306.17844. */
export const SAMPLES = 100;

export interface Sample {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Independent and uniform over the p³ triples, the same for every replica. Throws BadConfig for a seed that is no u32. */
export function drawSamples(p: number, seed: number): Sample[] {
  const random = createRandom(seed, 0, streams.probe);
  return Array.from({ length: SAMPLES }, () => {
    const a = random.below(p);
    const b = random.below(p);
    return { a, b, c: random.below(p) };
  });
}
