/** Numbers and states as the pages say them: plain, exact, with sensible digits. */
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 25856 → "25,856". */
export function sayCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A measured number: three digits, powers of ten written out: 0.0123, 7.02, 2.1 × 10⁻⁶. */
export function sayNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) {
    if (size >= 1000) return sayCount(value).replace('-', '−');
    return String(Number(value.toPrecision(3))).replace('-', '−');
  }
  const exponent = Math.floor(Math.log10(size));
  const digits = (value / 10 ** exponent).toFixed(1).replace('-', '−');
  return `${digits} × ${sayPower(exponent)}`;
}

/** −6 → "10⁻⁶"; 0 → "1". */
export function sayPower(exponent: number): string {
  if (exponent === 0) return '1';
  if (exponent === 1) return '10';
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]);
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** A share as per cent with one digit where it matters: 0.9953 → "99.5 %". */
export function sayShare(value: number): string {
  if (!Number.isFinite(value)) return sayNumber(value);
  const percent = value * 100;
  return `${percent >= 99.95 || percent < 0.05 ? Math.round(percent) : percent.toFixed(1)} %`;
}

export function sayDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'unknown';
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function sayBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

export function sayRate(stepsPerSecond: number): string {
  return stepsPerSecond >= 10 ? sayCount(stepsPerSecond) : stepsPerSecond.toFixed(1);
}

/** `Stored run, …` begins what is not of this run. */
export function sayWhose(stored: boolean, text: string): string {
  return stored ? `Stored run, ${text}` : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** With a capital and a full stop. */
export function sentence(words: string): string {
  const start = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
