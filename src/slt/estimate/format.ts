/** Numbers in sentences: as many digits as mean something, a true minus sign. */

/** Up to `digits` significant digits without trailing zeros; 1e6 and 2e-7 rather than zeros. */
export function formatNumber(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return x > 0 ? '∞' : x < 0 ? '−∞' : 'unknown';
  const rounded = Number(x.toPrecision(digits));
  const size = Math.abs(rounded);
  const plain = size === 0 || (size >= 1e-3 && size < 1e5);
  const text = plain ? String(rounded) : rounded.toExponential().replace('e+', 'e');
  return text.replace('-', '−').replace('e−', 'e-');
}

/** A share as per cent: 0.0523 → "5.2 %". */
export function formatShare(share: number): string {
  return `${formatNumber(100 * share, 2)} %`;
}

/** "7.02 ± 0.05": the error to one digit, two where the first is a 1, and the value to the same decimals. */
export function formatWithError(value: number, error: number | null): string {
  if (error === null || !(error > 0) || !Number.isFinite(error)) {
    return error === 0 ? `${formatNumber(value, 4)} ± 0` : `${formatNumber(value)}, error unknown`;
  }
  const exponent = Math.floor(Math.log10(error));
  const leading = error / 10 ** exponent;
  const decimals = Math.min(20, Math.max(0, (leading < 1.95 ? 1 : 0) - exponent));
  const fixed = (x: number) => x.toFixed(decimals).replace('-', '−');
  return `${fixed(value)} ± ${fixed(error)}`;
}
