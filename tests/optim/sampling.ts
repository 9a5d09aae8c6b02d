/** A chain of a sampler's float64 twin on a potential given by its loss and gradient, without a graph around it. */
import { sampler } from '../../src/optim/sampler';
import { SAMPLER_METRICS, type SamplerMetric } from '../../src/optim/sampler/options';
import type { SamplerOptions } from '../../src/optim/sampler/options';

export type Options = Omit<SamplerOptions, 'anchor' | 'mask'> &
  Partial<Pick<SamplerOptions, 'anchor' | 'mask'>>;

export interface Potential {
  /** Elements, a multiple of 4. */
  readonly size: number;
  /** Writes the gradient and returns the loss. */
  evaluate(w: Float64Array, gradient: Float64Array): number;
}

export interface Chain {
  readonly w: Float64Array;
  readonly state: Record<string, Float64Array>;
  readonly scalars: Record<string, number>;
  /** Takes a step; returns what it recorded, valid until the next. */
  step(): (name: SamplerMetric) => number;
}

export interface ChainStart {
  readonly w?: ArrayLike<number>;
  readonly seed?: number;
  readonly replica?: number;
  /** Row of options that are lists. */
  readonly index?: number;
}

export function startChain(potential: Potential, options: Options, start: ChainStart = {}): Chain {
  const { size } = potential;
  const { seed = 1, replica = 0, index = 0 } = start;
  const anchor = options.anchor ?? new Float32Array(size);
  const mask = options.mask ?? new Float32Array(size).fill(1);
  const update = sampler({ ...options, anchor, mask });
  const w = Float64Array.from(start.w ?? new Float64Array(size));
  const gradients = new Float64Array(size);
  const state = Object.fromEntries(update.state.map((name) => [name, new Float64Array(size)]));
  const scalars = Object.fromEntries((update.scalars ?? []).map((name) => [name, 0]));
  const metrics = new Float64Array(SAMPLER_METRICS.length);
  const hyper = Object.fromEntries(
    Object.entries(update.hyper).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : value[index],
    ]),
  );
  const key = { seed, replica, index };
  const chain = { parameters: w, gradients, mask: null, state, scalars, metrics, hyper };
  let step = 0;
  return {
    w,
    state,
    scalars,
    step() {
      const loss = potential.evaluate(w, gradients);
      update.reference({ step: step++, ...key, ...chain, loss });
      return (name) => metrics[SAMPLER_METRICS.indexOf(name)];
    },
  };
}

/** Mean of a recorded metric over `steps` steps after `burnin`; only where it is not −1, for acceptances. */
export function average(
  chain: Chain,
  { burnin, steps }: { burnin: number; steps: number },
  name: SamplerMetric = 'loss',
): number {
  for (let k = 0; k < burnin; k++) chain.step();
  let total = 0;
  let count = 0;
  for (let k = 0; k < steps; k++) {
    const value = chain.step()(name);
    if (name === 'acceptance' && value < 0) continue;
    total += value;
    count++;
  }
  return total / count;
}

/** Σ over independent copies of a loss of one element: L(w) = Σ f(w_i), f' its slope. */
export function separable(
  size: number,
  f: (x: number) => number,
  slope: (x: number, i: number) => number,
): Potential {
  return {
    size,
    evaluate(w, gradient) {
      let loss = 0;
      for (let i = 0; i < size; i++) {
        loss += f(w[i]);
        gradient[i] = slope(w[i], i);
      }
      return loss;
    },
  };
}

export function quadratic(size: number, h = 1): Potential {
  return separable(
    size,
    (x) => 0.5 * h * x * x,
    (x) => h * x,
  );
}

/** Σ x²y² over pairs of elements. */
export function crossings(size: number): Potential {
  return {
    size,
    evaluate(w, gradient) {
      let loss = 0;
      for (let i = 0; i < size; i += 2) {
        const [x, y] = [w[i], w[i + 1]];
        loss += x * x * y * y;
        gradient[i] = 2 * x * y * y;
        gradient[i + 1] = 2 * x * x * y;
      }
      return loss;
    },
  };
}
