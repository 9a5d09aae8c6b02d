/** The toy model of superposition in float64; twin of shaders/lib/chip/superposition.wgsl, where the formulas are. */
import type { ChipTarget } from '../types';
import type { Visit } from './types';

/** A piece's value and derivatives by slope g and bias b. */
interface Piece {
  value: number;
  bySlope: number;
  byBias: number;
}

const piece: Piece = { value: 0, bySlope: 0, byBias: 0 };

/** ∫₀¹ (relu(gμ + b) − own·μ)² dμ, own 0 or 1, into `piece`. */
function integrate(g: number, b: number, own: 0 | 1): void {
  const va = Math.max(b, 0);
  const vb = Math.max(g + b, 0);
  const whole = b >= 0 && g + b >= 0;
  const length = whole ? 1 : Math.max(va, vb) / Math.max(Math.abs(g), 1e-30);
  const from = b < 0 ? 1 - length : 0;
  const to = b < 0 ? 1 : length;
  const ua = va - own * from;
  const ub = vb - own * to;
  piece.value = (length * (ua * ua + ua * ub + ub * ub)) / 3;
  if (own === 1) piece.value += (from ** 3 + (1 - to ** 3)) / 3;
  piece.bySlope = length * (from * (ua + ub) + (length * (ua + 2 * ub)) / 3);
  piece.byBias = length * (ua + ub);
}

export function visitSuperposition({
  features,
}: Extract<ChipTarget, { kind: 'superposition' }>): Visit {
  const biases = Math.ceil((2 * features) / 4) * 4;
  return (w, gradient) => {
    let loss = 0;
    gradient.fill(0, 0, 2 * features);
    gradient.fill(0, biases, biases + features);
    for (let i = 0; i < features; i++) {
      for (let j = 0; j < features; j++) {
        const g = w[i] * w[j] + w[features + i] * w[features + j];
        integrate(g, w[biases + j], i === j ? 1 : 0);
        loss += piece.value / features;
        const slope = piece.bySlope / features;
        gradient[biases + j] += piece.byBias / features;
        gradient[i] += slope * w[j];
        gradient[j] += slope * w[i];
        gradient[features + i] += slope * w[features + j];
        gradient[features + j] += slope * w[features + i];
      }
    }
    return loss;
  };
}
