/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC 2011): a keyed bijection of 128-bit counters, so any number of any chain can be computed
 * without a state. Twin of shaders/lib/philox.wgsl, equal bit for bit.
 *
 * Use throughout Cusp: key (seed, replica); counter (step, block, stream, lane set), where element i of a tensor
 * takes word i mod 4 of block ⌊i / 4⌋. The last counter word is 0 for numbers addressed by element, as on the
 * device, and 1 for the host's sequences (random.ts).
 */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** Weyl increments of the key: golden ratio and √3 − 1 in 32 bits. */
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of the product of two u32, by 16-bit halves as in the shader; no sum exceeds 2^32 − 1. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const cross = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) >>> 0;
}

/**
 * Writes the four words of one counter to `out` (length 4) and returns it. All arguments are u32; numbers beyond
 * are taken modulo 2^32.
 */
export function philox(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  out: Uint32Array = new Uint32Array(4),
): Uint32Array {
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
  return out;
}

/**
 * Uniform in (0, 1): the midpoint (k + ½)·2⁻²³ of one of 2²³ equal cells, k the top 23 bits. With 24 bits the
 * half would not fit a float32 and the last cell would round to 1; so every value here is exact, in f32 too.
 */
export function uniform01(word: number): number {
  return ((word >>> 9) + 0.5) * 2 ** -23;
}
