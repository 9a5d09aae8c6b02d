/** Spectra of neurons from weights: the amplitudes of W_in·E over the frequencies of the cyclic group. */
import type { Place, Spectrum, Story } from './story';

let computed: { of: object; spectrum: Spectrum | null } | null = null;

/** What a network sent; a base that was taken over sends nothing, and its last weights are looked at. */
export function spectrumOf(story: Story, entry: number): Spectrum | null {
  const sent = story.spectrum(entry);
  if (sent !== null || entry !== 0) return sent;
  const last = story.entrants[0]?.steps ?? 0;
  const weights = story.weights(last);
  if (weights === null) return null;
  if (computed?.of !== weights)
    computed = { of: weights, spectrum: spectrumFrom(weights, story.places, last) };
  return computed.spectrum;
}

/** From weights [P]; null for networks without this pair of tensors. */
export function spectrumFrom(
  weights: ArrayLike<number>,
  places: readonly Place[],
  step: number,
): Spectrum | null {
  const embed = places.find(({ name }) => name === 'embed.weight');
  const into = places.find(({ name }) => name === 'mlp.in.weight' || name === 'mlp.in.a.weight');
  const [tokens = 0, width = 0] = embed?.shape ?? [];
  const [neurons = 0, depth = 0] = into?.shape ?? [];
  if (embed === undefined || into === undefined || depth !== width) return null;
  if (places.some(({ name }) => name.startsWith('attention'))) return null;
  const frequencies = Math.floor((tokens - 1) / 2);
  const table = Float64Array.from({ length: tokens }, (_, n) =>
    Math.cos((2 * Math.PI * n) / tokens),
  );
  const quarter = Float64Array.from({ length: tokens }, (_, n) =>
    Math.sin((2 * Math.PI * n) / tokens),
  );
  const data = new Float32Array(neurons * frequencies);
  const row = new Float64Array(tokens);
  for (let j = 0; j < neurons; j++) {
    for (let n = 0; n < tokens; n++) {
      let sum = 0;
      for (let d = 0; d < width; d++) {
        sum +=
          (weights[into.offset + j * width + d] ?? 0) *
          (weights[embed.offset + n * width + d] ?? 0);
      }
      row[n] = sum;
    }
    for (let k = 1; k <= frequencies; k++) {
      let [cosine, sine] = [0, 0];
      for (let n = 0; n < tokens; n++) {
        cosine += (row[n] ?? 0) * (table[(k * n) % tokens] ?? 0);
        sine += (row[n] ?? 0) * (quarter[(k * n) % tokens] ?? 0);
      }
      data[j * frequencies + k - 1] = Math.sqrt((2 / tokens) * (cosine ** 2 + sine ** 2));
    }
  }
  return { step, neurons, frequencies, data };
}

/** Each neuron's amplitudes as shares of their sum, the neurons in the order of their strongest frequency. */
export function sharesOf({ neurons, frequencies, data }: Spectrum): Float64Array {
  const rows = Array.from({ length: neurons }, (_, j) => {
    const own = Array.from({ length: frequencies }, (_, k) => data[j * frequencies + k] ?? 0);
    const total = own.reduce((sum, a) => sum + a, 0);
    const shares = own.map((a) => (total > 0 ? a / total : 0));
    return { shares, peak: shares.indexOf(Math.max(...shares)) };
  });
  rows.sort((a, b) => a.peak - b.peak || Math.max(...b.shares) - Math.max(...a.shares));
  return Float64Array.from(rows.flatMap(({ shares }) => shares));
}
