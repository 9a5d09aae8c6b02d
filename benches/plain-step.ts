/**
 * A whole training step of the small grokking network in plain loops, as cheap as the device's: tokens are projected once
 * each, and W_out and U are multiplied before the rows come to them.
 */
import type { ParameterLayout } from '../src/graph/layout';
import { multiply, rowMajor, transposed } from './plain';
import { crossEntropyRows } from './plain-rows';
import type { MlpSize } from './mlp-problem';

interface Rows {
  /** [rows, 2] */
  readonly tokens: Uint32Array;
  readonly labels: Uint32Array;
}

export interface AdamW {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** What takes one step in place and returns the loss before it. `parameters` are laid out as the device's. */
export function planStep(
  { modulus: p, width: w, hidden: h, rows: n }: MlpSize,
  { places }: ParameterLayout,
  parameters: Float32Array,
  { tokens, labels }: Rows,
  options: AdamW,
): () => number {
  const at = (name: string): number => places.find((place) => place.name === name)!.offset;
  const offsets = {
    embed: at('embed.weight'),
    into: at('mlp.in.weight'),
    out: at('mlp.out.weight'),
    unembed: at('unembed.weight'),
  };
  // E [p, w], W_in [h, w], W_out [w, h], U [p, w].
  const embed = rowMajor(parameters, w, offsets.embed);
  const into = rowMajor(parameters, w, offsets.into);
  const out = rowMajor(parameters, h, offsets.out);
  const unembed = rowMajor(parameters, w, offsets.unembed);
  const gradients = new Float32Array(parameters.length);
  const update = planAdamW(parameters, gradients, options);
  const make = (size: number): Float32Array => new Float32Array(size);
  const [table, tableSlope, both, bothSlope] = [make(p * h), make(p * h), make(p * h), make(p * h)];
  const [post, slope, logits, logitSlope] = [make(n * h), make(n * h), make(n * p), make(n * p)];
  const losses = make(n);
  const weights = make(n).fill(1 / n);

  function addOperands(): void {
    for (let i = 0, to = 0; i < n; i++) {
      const [a, b] = [tokens[2 * i] * h, tokens[2 * i + 1] * h];
      for (let j = 0; j < h; j++, to++) {
        const sum = table[a + j] + table[b + j];
        post[to] = sum > 0 ? sum : 0;
      }
    }
  }

  function spreadSlope(): void {
    tableSlope.fill(0);
    for (let i = 0, from = 0; i < n; i++) {
      const [a, b] = [tokens[2 * i] * h, tokens[2 * i + 1] * h];
      for (let j = 0; j < h; j++, from++) {
        if (post[from] === 0) continue;
        tableSlope[a + j] += slope[from];
        tableSlope[b + j] += slope[from];
      }
    }
  }

  return () => {
    multiply(embed, transposed(into), table, [p, w, h]); // E·W_inᵀ
    addOperands();
    multiply(unembed, out, both, [p, w, h]); // U·W_out
    const product = rowMajor(both, h);
    multiply(rowMajor(post, h), transposed(product), logits, [n, h, p]);
    crossEntropyRows(logits, labels, losses, { w: weights, gradient: logitSlope });

    const back = rowMajor(logitSlope, p);
    multiply(back, product, slope, [n, p, h]);
    multiply(transposed(back), rowMajor(post, h), bothSlope, [p, n, h]);
    spreadSlope();
    const toProduct = rowMajor(bothSlope, h);
    const toTable = rowMajor(tableSlope, h);
    multiply(toTable, into, gradients, [p, h, w], offsets.embed);
    multiply(transposed(toTable), embed, gradients, [h, p, w], offsets.into);
    multiply(toProduct, transposed(out), gradients, [p, h, w], offsets.unembed);
    multiply(transposed(unembed), toProduct, gradients, [w, p, h], offsets.out);
    update();
    return losses.reduce((sum, loss) => sum + loss, 0) / n;
  };
}

/** One update of all parameters a call (Loshchilov and Hutter, arXiv 1711.05101), state and count its own. */
export function planAdamW(
  parameters: Float32Array,
  gradients: Float32Array,
  { lr, beta1, beta2, epsilon, weightDecay }: AdamW,
): () => void {
  const first = new Float32Array(parameters.length);
  const second = new Float32Array(parameters.length);
  let taken = 0;
  return () => {
    taken++;
    const rate = lr / (1 - beta1 ** taken);
    const correction = 1 / Math.sqrt(1 - beta2 ** taken);
    const kept = 1 - lr * weightDecay;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i];
      const m = beta1 * first[i] + (1 - beta1) * g;
      const v = beta2 * second[i] + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] = parameters[i] * kept - (rate * m) / (Math.sqrt(v) * correction + epsilon);
    }
  };
}
