/** The order of many doubles, in time linear in their number: a million take a tenth of a second. */

const BITS = 16;
const BUCKETS = 1 << BITS;

/**
 * Indices of `values` from the smallest to the largest; equal values keep their order. Radix sort, 16 bits at a time,
 * of the bit patterns made monotone: negative numbers have all bits flipped, the others the sign. No NaN.
 */
export function sortOrder(values: Float64Array): Uint32Array {
  const { length } = values;
  // + 0 turns −0, whose bits sort below those of 0, into 0.
  const bits = new Uint32Array(values.map((value) => value + 0).buffer);
  for (let i = 1; i < bits.length; i += 2) {
    const negative = bits[i] >>> 31 === 1;
    if (negative) bits[i - 1] = ~bits[i - 1];
    bits[i] = negative ? ~bits[i] : bits[i] ^ 0x80000000;
  }
  let order = Uint32Array.from({ length }, (_, i) => i);
  let sorted = new Uint32Array(length);
  const starts = new Uint32Array(BUCKETS + 1);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = digit % 2 === 0 ? 0 : BITS;
    starts.fill(0);
    for (let i = 0; i < length; i++) starts[((bits[2 * i + word] >>> shift) & (BUCKETS - 1)) + 1]++;
    // Numbers read back from float32 have nothing in the lowest bits: one bucket, nothing to move.
    if (starts.includes(length)) continue;
    for (let bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1] += starts[bucket];
    for (let i = 0; i < length; i++) {
      const index = order[i];
      sorted[starts[(bits[2 * index + word] >>> shift) & (BUCKETS - 1)]++] = index;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}
