/**
 * The Fourier view of an embedding E, [tokens, width], over the cyclic group of its first p tokens. With
 * c_k = Σ_n cos(2πkn/p) E_n and s_k likewise with sines, the norm of frequency k is √(2/p) · √(‖c_k‖² + ‖s_k‖²)
 * (Nanda et al. 2023).
 */
export interface Embedding {
  /** Tokens that stand for numbers; rows after them (the “=” token) are left out. */
  readonly count: number;
  readonly width: number;
  /** Row-major, [≥ count, width]. */
  readonly data: Float32Array;
}

/** Norms of the frequencies 1 … (p − 1)/2; entry 0 is frequency 1. */
export function spectrumOf(embedding: Embedding): Float64Array {
  const { count } = embedding;
  const norms = new Float64Array(Math.floor((count - 1) / 2));
  for (let index = 0; index < norms.length; index++) {
    const { cosine, sine } = componentsOf(embedding, index + 1);
    norms[index] = Math.sqrt((2 / count) * (squares(cosine) + squares(sine)));
  }
  return norms;
}

/** The largest frequencies, at most `most`, in ascending order. */
export function keyFrequencies(norms: Float64Array, most: number): number[] {
  return [...norms]
    .map((norm, index) => ({ norm, frequency: index + 1 }))
    .sort((a, b) => b.norm - a.norm)
    .slice(0, most)
    .map(({ frequency }) => frequency)
    .sort((a, b) => a - b);
}

/**
 * Every token's place in the plane of frequency k, in units of the root mean square of ‖E_n‖. The plane is spanned by
 * c_k and s_k of all *other* tokens: with more dimensions than tokens the full sum would draw a circle out of pure
 * chance, because E_n is itself part of it.
 */
export function circleOf(embedding: Embedding, frequency: number): { x: number; y: number }[] {
  const { count, width, data } = embedding;
  const { cosine, sine } = componentsOf(embedding, frequency);
  const unit = Math.sqrt(squares(data.subarray(0, count * width)) / count);
  // A sum shorter than chance alone would make it has no direction worth dividing by.
  const chance = Math.sqrt(count / 2) * unit;
  const lengths = [cosine, sine].map((sum) => Math.max(Math.sqrt(squares(sum)), chance));
  return Array.from({ length: count }, (_, token) => {
    const row = data.subarray(token * width, (token + 1) * width);
    const own = squares(row);
    const angle = (2 * Math.PI * frequency * token) / count;
    return {
      x: (dot(row, cosine) - own * Math.cos(angle)) / ((lengths[0] ?? 1) * unit || 1),
      y: (dot(row, sine) - own * Math.sin(angle)) / ((lengths[1] ?? 1) * unit || 1),
    };
  });
}

function componentsOf(
  { count, width, data }: Embedding,
  frequency: number,
): { cosine: Float64Array; sine: Float64Array } {
  const cosine = new Float64Array(width);
  const sine = new Float64Array(width);
  for (let token = 0; token < count; token++) {
    const angle = (2 * Math.PI * ((frequency * token) % count)) / count;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let column = 0; column < width; column++) {
      const value = data[token * width + column] ?? 0;
      cosine[column] = (cosine[column] ?? 0) + c * value;
      sine[column] = (sine[column] ?? 0) + s * value;
    }
  }
  return { cosine, sine };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function squares(values: ArrayLike<number>): number {
  return dot(values, values);
}
