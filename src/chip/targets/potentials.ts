/** Polynomials and quadratics in float64; twins of shaders/lib/chip/polynomial.wgsl and quadratic.wgsl. */
import { normals } from '../../random/normal';
import { philox } from '../../random/philox';
import { streams } from '../../random/streams';
import type { ChipTarget } from '../types';
import type { Visit } from './types';

type Polynomial = Extract<ChipTarget, { kind: 'polynomial' }>;
type Quadratic = Extract<ChipTarget, { kind: 'quadratic' }>;

const f32 = Math.fround;

/** Coefficients are taken as the kernels have them, in float32. */
export function visitPolynomial({ variables, terms }: Polynomial): Visit {
  return (w, gradient) => {
    let loss = 0;
    gradient.fill(0, 0, variables);
    for (const { coefficient, powers } of terms) {
      let value = f32(coefficient);
      for (let i = 0; i < variables; i++) value *= wholePower(w[i], powers[i]);
      loss += value;
      for (let i = 0; i < variables; i++) {
        if (powers[i] === 0) continue;
        let slope = f32(coefficient) * powers[i] * wholePower(w[i], powers[i] - 1);
        for (let j = 0; j < variables; j++) if (j !== i) slope *= wholePower(w[j], powers[j]);
        gradient[i] += slope;
      }
    }
    return loss;
  };
}

export function visitQuadratic({ eigenvalues, gradientNoise }: Quadratic): Visit {
  const h = Float64Array.from(eigenvalues, f32);
  const noise = f32(gradientNoise);
  const words = new Uint32Array(4);
  const drawn = new Float32Array(4);
  return (w, gradient, { step, key }) => {
    let loss = 0;
    for (let i = 0; i < h.length; i++) {
      gradient[i] = h[i] * w[i];
      loss += 0.5 * h[i] * w[i] * w[i];
      if (noise === 0) continue;
      if (i % 4 === 0)
        normals(philox(key[0], key[1], step, i / 4, streams.gradientNoise, 0, words), drawn);
      gradient[i] += noise * drawn[i % 4];
    }
    return loss;
  };
}

function wholePower(x: number, power: number): number {
  let product = 1;
  for (let k = 0; k < power; k++) product *= x;
  return product;
}
