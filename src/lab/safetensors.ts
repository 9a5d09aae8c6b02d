/**
 * The safetensors format, written so that Python tools accept it: 8 bytes of header length (u64, little-endian), a JSON header padded with
 * spaces to a multiple of 8, then the data without holes. safetensors-read.ts reads it.
 * https://github.com/huggingface/safetensors#format
 */
import { BadCheckpoint } from '../gpu/errors';

export type TensorData = Float32Array | Int32Array | Uint32Array | Uint8Array;
export type DType = 'F32' | 'I32' | 'U32' | 'U8' | 'BOOL';

export interface Tensor {
  /** BOOL is held as bytes 0 and 1. */
  readonly dtype: DType;
  /** Row-major; [] is a scalar. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Bytes of an element. */
export const WIDTH: Readonly<Record<DType, number>> = { F32: 4, I32: 4, U32: 4, U8: 1, BOOL: 1 };
/** Bytes. Far above the header of any network Cusp trains; Python's own reader stops at 100 MB. */
export const LARGEST_HEADER = 16 * 2 ** 20;
export const METADATA = '__metadata__';

/**
 * Serialises tensors, the widest types first and then by name, as Python's writer does. `format: "pt"` is added
 * to the metadata unless given. Throws BadCheckpoint for a shape that does not fit its data or a reserved name.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const given = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  const strings = new Map<string, string>([['format', 'pt'], ...given]);
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) => WIDTH[b.dtype] - WIDTH[a.dtype] || compareNames(nameA, nameB),
  );
  // Text by hand: an object would lose or reorder keys such as "__proto__" and "0".
  const parts = [`${JSON.stringify(METADATA)}:${stringifyMap(strings)}`];
  let offset = 0;
  for (const [name, tensor] of ordered) {
    const size = requireWritable(name, tensor);
    const { dtype, shape } = tensor;
    const entry = JSON.stringify({ dtype, shape, data_offsets: [offset, offset + size] });
    parts.push(`${JSON.stringify(name)}:${entry}`);
    offset += size;
  }
  const header = new TextEncoder().encode(`{${parts.join(',')}}`);
  const padded = Math.ceil(header.length / 8) * 8;
  if (padded > LARGEST_HEADER) {
    throw new BadCheckpoint({
      asked: `header of ${padded} bytes`,
      limit: `at most ${LARGEST_HEADER} are written`,
      remedy: 'Shorten the metadata',
    });
  }
  const bytes = new Uint8Array(8 + padded + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, 8);
  bytes.fill(0x20, 8 + header.length, 8 + padded);
  let at = 8 + padded;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function requireWritable(name: string, { dtype, shape, data }: Tensor): number {
  const label = `tensor ${JSON.stringify(name)}`;
  const reject = (limit: string): never => {
    throw new BadCheckpoint({ asked: label, limit });
  };
  if (name === METADATA) reject('this name is reserved by the format');
  if (/\p{Surrogate}/u.test(name)) reject('its name is not well-formed Unicode');
  if (!Object.hasOwn(WIDTH, dtype))
    reject(`dtype ${dtype} is not one of ${Object.keys(WIDTH).join(', ')}`);
  const holders = {
    F32: Float32Array,
    I32: Int32Array,
    U32: Uint32Array,
    U8: Uint8Array,
    BOOL: Uint8Array,
  };
  if (!(data instanceof holders[dtype])) reject(`${dtype} must come in a ${holders[dtype].name}`);
  const size = shape.every(isCount) ? byteSize(WIDTH[dtype], shape) : null;
  if (size !== data.byteLength) {
    reject(`shape [${shape.join(', ')}] does not fit its ${data.length} elements`);
  }
  if (dtype === 'BOOL' && data.some((byte) => byte > 1)) reject('a BOOL must be 0 or 1');
  return data.byteLength;
}

/** Bytes of a tensor, or null when a product leaves the exact integers. */
export function byteSize(width: number, shape: readonly number[]): number | null {
  let size = width;
  for (const extent of shape) {
    size *= extent;
    if (!Number.isSafeInteger(size)) return null;
  }
  return size;
}

function stringifyMap(strings: ReadonlyMap<string, string>): string {
  const pairs = [...strings].map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  return `{${pairs.join(',')}}`;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
