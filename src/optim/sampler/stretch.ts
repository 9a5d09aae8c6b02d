/** How long the leapfrog steps of a trajectory are; twin of shaders/lib/stretch.wgsl. */
import { philox, uniform01 } from '../../random/philox';
import { streams } from '../../random/streams';

/**
 * Factor on √ε of the trajectory that begins at step `begin`, uniform in [0.8, 1.2]: trajectories of one length would leave a
 * direction of angular frequency kπ/length where it is (Mackenzie 1989; Neal 2011, §3.2), and λ̂ half a unit short for each. It
 * depends on nothing the chain did, so the test stays exact. 1 for MALA, whose one step has no such resonance.
 */
export function stretchOf(seed: number, lane: number, begin: number, leapfrog: number): number {
  if (leapfrog === 1) return 1;
  return 0.8 + 0.4 * uniform01(philox(seed, lane, begin, 0, streams.accept, 0)[1]);
}
