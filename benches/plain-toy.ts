/** A training step of the toy model of superposition in plain loops, features drawn by the same counters as on the device. */
import { philox, uniform01 } from '../src/random/philox';
import { streams } from '../src/random/streams';
import { planAdamW, type AdamW } from './plain-step';

export interface ToySize {
  readonly features: number;
  readonly hidden: number;
  readonly samples: number;
  readonly density: number;
}

/** What takes one step in place and returns the loss before it; `parameters` are W [m, n], then b [n], each padded to vec4s. */
export function planToyStep(
  { features: n, hidden: m, samples, density }: ToySize,
  parameters: Float32Array,
  seed: number,
  options: AdamW,
): () => number {
  const biases = Math.ceil((m * n) / 4) * 4;
  const gradients = new Float32Array(parameters.length);
  const update = planAdamW(parameters, gradients, options);
  const elements = samples * n;
  const blocks = Math.ceil(elements / 4);
  const x = new Float32Array(4 * blocks);
  const [h, back] = [new Float32Array(m), new Float32Array(m)];
  const slope = new Float32Array(n);
  const [on, values] = [new Uint32Array(4), new Uint32Array(4)];
  let step = 0;

  function draw(): void {
    for (let block = 0; block < blocks; block++) {
      philox(seed, 0, step, block, streams.features, 0, on);
      philox(seed, 0, step, blocks + block, streams.features, 0, values);
      for (let k = 0; k < 4; k++)
        x[4 * block + k] = uniform01(on[k]) < density ? uniform01(values[k]) : 0;
    }
  }

  /** Gradients of one sample; returns its loss. */
  function visit(at: number): number {
    let loss = 0;
    for (let k = 0; k < m; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += parameters[k * n + i] * x[at + i];
      h[k] = sum;
    }
    for (let i = 0; i < n; i++) {
      let z = parameters[biases + i];
      for (let k = 0; k < m; k++) z += parameters[k * n + i] * h[k];
      const residual = (z > 0 ? z : 0) - x[at + i];
      loss += residual * residual;
      slope[i] = z > 0 ? (2 / samples) * residual : 0;
      gradients[biases + i] += slope[i];
    }
    for (let k = 0; k < m; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += parameters[k * n + i] * slope[i];
      back[k] = sum;
      for (let i = 0; i < n; i++) gradients[k * n + i] += h[k] * slope[i] + sum * x[at + i];
    }
    return loss;
  }

  return () => {
    draw();
    gradients.fill(0);
    let loss = 0;
    for (let s = 0; s < samples; s++) loss += visit(s * n);
    update();
    step++;
    return loss / samples;
  };
}
