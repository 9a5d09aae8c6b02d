/**
 * Views along a run in a file: numbers of 16 bits (the upper half of a float32, two to three digits of any size) for vectors, of
 * 8 bits (a share of the largest of its snapshot) for pictures.
 */
import type { Snapshot } from './session-state';

export interface StoredSeries {
  readonly shape: readonly number[];
  readonly steps: readonly number[];
  /** For 8 bits: the largest absolute value at each step. */
  readonly scales?: readonly number[];
  /** All snapshots one after the other, in base64, little-endian. */
  readonly data: string;
}

/** @throws Error naming the view. */
export function readSeries(name: string, series: StoredSeries): Snapshot[] {
  const { shape, steps, scales, data } = series;
  if (!isNumbers(shape) || !isNumbers(steps) || typeof data !== 'string') {
    throw new Error(`series ${name} must have a shape, steps and data`);
  }
  const bytes = fromBase64(data);
  const size = shape.reduce((product, length) => product * length, 1);
  const width = scales === undefined ? 2 : 1;
  if (bytes.length !== size * steps.length * width) {
    throw new Error(`series ${name} does not fill its steps`);
  }
  const view = new DataView(bytes.buffer);
  return steps.map((step, row) => ({
    step,
    shape,
    data: Float32Array.from({ length: size }, (_, index) => {
      const at = row * size + index;
      return scales === undefined
        ? fromUpperHalf(view.getUint16(2 * at, true))
        : (view.getInt8(at) / 127) * (scales[row] ?? 0);
    }),
  }));
}

const word = new DataView(new ArrayBuffer(4));

function fromUpperHalf(half: number): number {
  word.setUint32(0, half * 0x10000);
  return word.getFloat32(0);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}
