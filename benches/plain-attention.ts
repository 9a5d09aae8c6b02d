/** Causal attention in plain loops, [batch, length, heads, headWidth] dense, a head at a time. */

export interface Heads {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly headWidth: number;
}

interface Triple {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

/** result ← softmax(q·kᵀ/√d)·v; for the gradient w of the result also those of q, k and v. */
export function attendCausally(
  size: Heads,
  { q, k, v }: Triple,
  result: Float32Array,
  backward: { readonly w: Float32Array; readonly to: Triple } | null,
): void {
  const { batch, length, heads, headWidth } = size;
  const token = heads * headWidth;
  const pattern = new Float64Array(length);
  if (backward) for (const part of Object.values(backward.to) as Float32Array[]) part.fill(0);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const first = b * length * token + h * headWidth;
      for (let i = 0; i < length; i++) {
        const query = first + i * token;
        attendOne({ q, k }, first, query, i, token, headWidth, pattern);
        for (let d = 0; d < headWidth; d++) {
          let sum = 0;
          for (let j = 0, at = first + d; j <= i; j++, at += token) sum += pattern[j] * v[at];
          result[query + d] = sum;
        }
        if (backward)
          pullBack({ q, k, v }, backward, { first, query, i, token, headWidth }, pattern);
      }
    }
  }
}

/** The pattern of a query over the tokens up to its own. */
function attendOne(
  { q, k }: Pick<Triple, 'q' | 'k'>,
  first: number,
  query: number,
  i: number,
  token: number,
  headWidth: number,
  pattern: Float64Array,
): void {
  const scale = 1 / Math.sqrt(headWidth);
  let top = -Infinity;
  for (let j = 0, at = first; j <= i; j++, at += token) {
    let dot = 0;
    for (let d = 0; d < headWidth; d++) dot += q[query + d] * k[at + d];
    pattern[j] = dot * scale;
    top = Math.max(top, pattern[j]);
  }
  let total = 0;
  for (let j = 0; j <= i; j++) total += pattern[j] = Math.exp(pattern[j] - top);
  for (let j = 0; j <= i; j++) pattern[j] /= total;
}

interface Place {
  readonly first: number;
  readonly query: number;
  readonly i: number;
  readonly token: number;
  readonly headWidth: number;
}

/** dV += pᵀ·w, ds = p·(w·vᵀ − Σ p·(w·vᵀ)), dq = ds·k/√d, dk += dsᵀ·q/√d, for one query. */
function pullBack(
  { q, k, v }: Triple,
  { w, to }: { readonly w: Float32Array; readonly to: Triple },
  { first, query, i, token, headWidth }: Place,
  pattern: Float64Array,
): void {
  const scale = 1 / Math.sqrt(headWidth);
  let weighted = 0;
  for (let j = 0, at = first; j <= i; j++, at += token)
    weighted += pattern[j] * dotOf(w, query, v, at, headWidth);
  for (let j = 0, at = first; j <= i; j++, at += token) {
    const slope = pattern[j] * (dotOf(w, query, v, at, headWidth) - weighted) * scale;
    for (let d = 0; d < headWidth; d++) {
      to.v[at + d] += pattern[j] * w[query + d];
      to.q[query + d] += slope * k[at + d];
      to.k[at + d] += slope * q[query + d];
    }
  }
}

function dotOf(a: Float32Array, at: number, b: Float32Array, from: number, size: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += a[at + d] * b[from + d];
  return sum;
}
