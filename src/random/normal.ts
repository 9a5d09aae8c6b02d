/**
 * Standard normal deviates by Box and Muller, "A note on the generation of random normal deviates" (1958), both
 * outputs used. Twin of shaders/lib/normal.wgsl: the same operations in the same order, each rounded to float32 by
 * `Math.fround`, so host and device differ only where a compiler fuses a multiply and an add or divides loosely.
 *
 * Radius: √(−2 ln u) with u = (word | 1)·2⁻³², the midpoint of one of 2³¹ cells cut to 24 significant bits. The
 * exponent is counted in integers, so small u keep full precision: |normal| reaches 6.66 and is never infinite.
 * Angle: 2π·word·2⁻³² to 26 bits; the quadrant comes from integer bits, so no rounding ever crosses an axis.
 */
const f32 = Math.fround;

/** Coefficients 2/(2k+1) of ln(1+f) = 2 artanh(s), s = f/(2+f). */
const LOG_3 = f32(2 / 3);
const LOG_5 = f32(2 / 5);
const LOG_7 = f32(2 / 7);
const LOG_9 = f32(2 / 9);
const LN2 = f32(Math.LN2);
const SQRT_HALF = f32(Math.SQRT1_2);
/** Taylor coefficients on [−π/4, π/4]: what is left out is below 3e-9 for the sine, 2e-10 for the cosine. */
const SIN_3 = f32(-1 / 6);
const SIN_5 = f32(1 / 120);
const SIN_7 = f32(-1 / 5040);
const SIN_9 = f32(1 / 362880);
const COS_4 = f32(1 / 24);
const COS_6 = f32(-1 / 720);
const COS_8 = f32(1 / 40320);
const COS_10 = f32(-1 / 3628800);
/** Angle of one unit of the 26-bit phase. */
const PHASE_UNIT = f32((2 * Math.PI) / 2 ** 26);

/** −ln(u) for u = (word | 1)·2⁻³², cut to 24 significant bits. */
export function negativeLog(word: number): number {
  const odd = (word | 1) >>> 0;
  const zeros = Math.clz32(odd);
  let halvings = zeros;
  let x = ((odd << zeros) >>> 8) * 2 ** -24;
  if (x < SQRT_HALF) {
    x *= 2;
    halvings += 1;
  }
  const f = x - 1;
  const s = f32(f / f32(2 + f));
  const z = f32(s * s);
  const tail = f32(LOG_5 + f32(z * f32(LOG_7 + f32(z * LOG_9))));
  const r = f32(z * f32(LOG_3 + f32(z * tail)));
  return f32(f32(halvings * LN2) - f32(f - f32(s * f32(f - r))));
}

/** Writes (cos, sin) of 2π·word·2⁻³² to `out[at]`, `out[at + 1]`. */
function writeCircle(word: number, out: Float32Array, at: number): void {
  const shifted = (word + 0x20000000) >>> 0;
  const quadrant = shifted >>> 30;
  const cell = ((shifted & 0x3fffffff) - 0x20000000) >> 6;
  const angle = f32((cell + 0.5) * PHASE_UNIT);
  const z = f32(angle * angle);
  const sinTail = f32(SIN_5 + f32(z * f32(SIN_7 + f32(z * SIN_9))));
  const sin = f32(angle + f32(f32(angle * z) * f32(SIN_3 + f32(z * sinTail))));
  const cosTail = f32(COS_6 + f32(z * f32(COS_8 + f32(z * COS_10))));
  const cosHigh = f32(f32(z * z) * f32(COS_4 + f32(z * cosTail)));
  const cos = f32(1 - f32(f32(0.5 * z) - cosHigh));
  const odd = (quadrant & 1) === 1;
  const c = odd ? sin : cos;
  const s = odd ? cos : sin;
  out[at] = quadrant === 1 || quadrant === 2 ? -c : c;
  out[at + 1] = quadrant >= 2 ? -s : s;
}

/** Four independent standard normals from four words: (x, y) give the first two, (z, w) the others. */
export function normals(
  words: ArrayLike<number>,
  out: Float32Array = new Float32Array(4),
  at = 0,
): Float32Array {
  for (let pair = 0; pair < 4; pair += 2) {
    const radius = f32(Math.sqrt(f32(2 * negativeLog(words[pair]))));
    writeCircle(words[pair + 1], out, at + pair);
    out[at + pair] *= radius;
    out[at + pair + 1] *= radius;
  }
  return out;
}
