/**
 * Plain loops over rows: softmax, layer norm, cross-entropy, each with its gradient for the gradient of the result, which of
 * benches is the probe [rows, columns] (cross-entropy: [rows]). Shapes [rows, columns], dense.
 */

/** result ← exp(x − max) / Σ. */
export function softmaxRows(x: Float32Array, result: Float32Array, columns: number): void {
  for (let at = 0; at < x.length; at += columns) {
    const end = at + columns;
    let top = -Infinity;
    for (let i = at; i < end; i++) top = Math.max(top, x[i]);
    let total = 0;
    for (let i = at; i < end; i++) {
      const e = Math.exp(x[i] - top);
      result[i] = e;
      total += e;
    }
    const scale = 1 / total;
    for (let i = at; i < end; i++) result[i] *= scale;
  }
}

/** gradient ← p·(w − Σ p·w), p the softmax and w the gradient of it. */
export function softmaxGradientRows(
  p: Float32Array,
  w: Float32Array,
  gradient: Float32Array,
  columns: number,
): void {
  for (let at = 0; at < p.length; at += columns) {
    let dot = 0;
    for (let i = at; i < at + columns; i++) dot += p[i] * w[i];
    for (let i = at; i < at + columns; i++) gradient[i] = p[i] * (w[i] - dot);
  }
}

/** losses ← ln Σ exp(x_j − x_y); the row's gradient w·(p − [j = y]) too, where there is room for it. */
export function crossEntropyRows(
  logits: Float32Array,
  labels: Uint32Array,
  losses: Float32Array,
  backward: { readonly w: Float32Array; readonly gradient: Float32Array } | null,
): void {
  const columns = logits.length / labels.length;
  for (let row = 0, at = 0; row < labels.length; row++, at += columns) {
    const right = at + labels[row];
    let top = -Infinity;
    for (let i = at; i < at + columns; i++) if (i !== right) top = Math.max(top, logits[i]);
    // Relative to the label, and without it, so that a tiny loss keeps its digits.
    let others = 0;
    for (let i = at; i < at + columns; i++) if (i !== right) others += Math.exp(logits[i] - top);
    const lead = top - logits[right];
    losses[row] =
      lead > 0 ? lead + Math.log(others + Math.exp(-lead)) : Math.log1p(others * Math.exp(lead));
    if (!backward) continue;
    const { w, gradient } = backward;
    const scale = w[row] / (others + Math.exp(-lead));
    for (let i = at; i < at + columns; i++) gradient[i] = scale * Math.exp(logits[i] - top);
    gradient[right] = -scale * others;
  }
}

export interface Norm {
  readonly x: Float32Array;
  readonly gain: Float32Array;
  readonly bias: Float32Array;
  readonly epsilon: number;
}

/** result ← gain·(x − mean)/√(variance + ε) + bias. */
export function layerNormRows({ x, gain, bias, epsilon }: Norm, result: Float32Array): void {
  const columns = gain.length;
  for (let at = 0; at < x.length; at += columns) {
    const [mean, scale] = moments(x, at, columns, epsilon);
    for (let j = 0; j < columns; j++)
      result[at + j] = (x[at + j] - mean) * scale * gain[j] + bias[j];
  }
}

/** Gradients of x, gain and bias for the gradient w of the result. */
export function layerNormGradientRows(
  { x, gain, epsilon }: Norm,
  w: Float32Array,
  to: { readonly x: Float32Array; readonly gain: Float32Array; readonly bias: Float32Array },
): void {
  const columns = gain.length;
  const gains = new Float64Array(columns);
  const biases = new Float64Array(columns);
  for (let at = 0; at < x.length; at += columns) {
    const [mean, scale] = moments(x, at, columns, epsilon);
    let sum = 0;
    let dot = 0;
    for (let j = 0; j < columns; j++) {
      const h = (x[at + j] - mean) * scale;
      const g = w[at + j] * gain[j];
      sum += g;
      dot += g * h;
      gains[j] += w[at + j] * h;
      biases[j] += w[at + j];
    }
    sum /= columns;
    dot /= columns;
    for (let j = 0; j < columns; j++) {
      const h = (x[at + j] - mean) * scale;
      to.x[at + j] = scale * (w[at + j] * gain[j] - sum - h * dot);
    }
  }
  to.gain.set(gains);
  to.bias.set(biases);
}

function moments(x: Float32Array, at: number, columns: number, epsilon: number): [number, number] {
  let sum = 0;
  for (let i = at; i < at + columns; i++) sum += x[i];
  const mean = sum / columns;
  let squares = 0;
  for (let i = at; i < at + columns; i++) squares += (x[i] - mean) ** 2;
  return [mean, 1 / Math.sqrt(squares / columns + epsilon)];
}
