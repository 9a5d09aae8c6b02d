/** The on-chip path of samplers: many whole steps inside one dispatch, a chain's state held on the chip. */
import type { ChipTarget } from '../../chip/types';
import type { Key, ParameterLayout } from '../../graph/layout';
import type { SamplerOptions } from '../../optim/sampler/options';

export interface ChainSpec {
  readonly target: ChipTarget;
  readonly layout: ParameterLayout;
  /** One key a chain. */
  readonly keys: readonly Key[];
  /** Where chains start, [R, P]. */
  readonly start: Float32Array;
  /** L(w*), subtracted from every recorded loss: one number, or one a chain. */
  readonly baseline: number | readonly number[];
  readonly sampler: SamplerOptions;
  /** A row of metrics at every step with s mod rowEvery = 0; a multiple of the leapfrog steps for hmc. */
  readonly rowEvery: number;
}
