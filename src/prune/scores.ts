/**
 * How much a weight matters, by method: pure functions of weights and gradients, [P] each, the largest to be kept. Constant
 * factors of the papers (SNIP and GraSP divide by the sum) are left out: they change no order.
 */
import type { ParameterLayout } from '../graph/layout';
import { createRandom } from '../random/random';
import { streams } from '../random/streams';

/** |θ|. */
export function magnitudeScores(parameters: Float32Array): Float32Array {
  return parameters.map(Math.abs);
}

/** One word of Philox each, by (seed, lane): independent of the weights, of the split and of the batches. */
export function randomScores({ stride }: ParameterLayout, seed: number, lane = 0): Float64Array {
  const random = createRandom(seed, lane, streams.prune);
  return Float64Array.from({ length: stride }, () => random.nextWord());
}

/** |θ·g|, g the gradient of the mean loss: |∂L/∂m| at m = 1 (Lee, Ajanthan and Torr 2019, "SNIP"). */
export function snipScores(parameters: Float32Array, gradient: Float32Array): Float64Array {
  return product(parameters, gradient, Math.abs);
}

/**
 * θ ⊙ Hg of the tempered loss, signed (Wang, Zhang and Grosse 2020, "GraSP"). To first order, taking w away changes gᵀg, the rate
 * at which gradient flow lowers the loss, by −2·w·(Hg): the largest scores are those whose removal slows training most.
 */
export function graspScores(parameters: Float32Array, hessianGradient: Float32Array): Float64Array {
  return product(parameters, hessianGradient, (value) => value);
}

/** |θ|·∂R/∂|θ|, R the summed output of the network of |θ| (Tanaka et al. 2020, "SynFlow"). */
export function flowScores(parameters: Float32Array, gradient: Float32Array): Float64Array {
  return product(parameters, gradient, Math.abs);
}

function product(a: Float32Array, b: Float32Array, shape: (value: number) => number): Float64Array {
  return Float64Array.from(a, (value, k) => shape(value * b[k]));
}
