/** Number types that other programs save and Cusp does not compute in, as the nearest that it does. */
import { BadCheckpoint } from '../gpu/errors';

export type ConvertedType = 'F64' | 'F16' | 'BF16' | 'I64';

/** Bytes of an element. */
export const CONVERTED: Readonly<Record<ConvertedType, number>> = {
  F64: 8,
  F16: 2,
  BF16: 2,
  I64: 8,
};

export type Converted =
  | { readonly dtype: 'F32'; readonly data: Float32Array }
  | { readonly dtype: 'I32'; readonly data: Int32Array };

/**
 * F64 is rounded to the nearest F32; F16 and BF16 are exact. Throws BadCheckpoint where a whole number of 64 bits does
 * not fit 32.
 */
export function convert(name: string, dtype: ConvertedType, buffer: ArrayBuffer): Converted {
  switch (dtype) {
    case 'F64':
      return { dtype: 'F32', data: Float32Array.from(new Float64Array(buffer)) };
    case 'F16':
      return { dtype: 'F32', data: Float32Array.from(new Uint16Array(buffer), readHalf) };
    case 'BF16':
      return { dtype: 'F32', data: widen(new Uint16Array(buffer)) };
    case 'I64':
      return { dtype: 'I32', data: narrow(name, new BigInt64Array(buffer)) };
  }
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function readHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A bfloat16 is the upper half of an F32. */
function widen(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}

function narrow(name: string, values: BigInt64Array): Int32Array {
  const wide = values.find((value) => BigInt.asIntN(32, value) !== value);
  if (wide !== undefined) {
    throw new BadCheckpoint({
      asked: `tensor ${JSON.stringify(name)} of I64`,
      limit: `${wide} does not fit 32 bits`,
      remedy: 'Leave it out of the file',
    });
  }
  return Int32Array.from(values, Number);
}
