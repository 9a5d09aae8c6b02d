/** Reads the safetensors format strictly; what it is stands in safetensors.ts. */
import { BadCheckpoint } from '../gpu/errors';
import { findDuplicateKey } from './json-keys';
import {
  byteSize,
  compareNames,
  isCount,
  LARGEST_HEADER,
  METADATA,
  WIDTH,
  type DType,
  type Tensor,
  type TensorData,
} from './safetensors';
import { CONVERTED, convert, type ConvertedType } from './safetensors-convert';

export interface Safetensors {
  /** In order of name. */
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Map<string, string>;
  /** Types that were converted on reading, by tensor. */
  readonly converted: ReadonlyMap<string, ConvertedType>;
}

export interface SafetensorsReading {
  /** Takes F64, F16 and BF16 as F32 and I64 as I32; they are refused otherwise. */
  readonly convert?: boolean;
}

interface Entry {
  readonly name: string;
  readonly dtype: DType | ConvertedType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function refuse(asked: string, limit: string, cause?: unknown): never {
  const remedy = 'The file is damaged or was not written by Cusp or safetensors; use another copy';
  throw new BadCheckpoint({ asked, limit, remedy }, { cause });
}

/** Parses a file. Throws BadCheckpoint naming the tensor or field; no tensor aliases `bytes`. */
export function readSafetensors(
  bytes: Uint8Array,
  { convert: converting = false }: SafetensorsReading = {},
): Safetensors {
  const { header, dataStart } = readHeader(bytes);
  const widths = converting ? { ...WIDTH, ...CONVERTED } : WIDTH;
  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) readMetadata(value, metadata);
    else entries.push(readEntry(name, value, widths));
  }
  requireFullCover(entries, bytes.length - dataStart);
  entries.sort((a, b) => compareNames(a.name, b.name));
  const tensors = new Map<string, Tensor>();
  const converted = new Map<string, ConvertedType>();
  for (const { name, dtype, shape, begin, end } of entries) {
    // A copy: alignment is then the buffer's own, and the file can be let go.
    const { buffer } = bytes.slice(dataStart + begin, dataStart + end);
    if (Object.hasOwn(CONVERTED, dtype)) {
      converted.set(name, dtype as ConvertedType);
      tensors.set(name, { shape, ...convert(name, dtype as ConvertedType, buffer) });
    } else {
      const own = dtype as DType;
      tensors.set(name, { dtype: own, shape, data: viewAs(name, own, buffer) });
    }
  }
  return { tensors, metadata, converted };
}

function readHeader(bytes: Uint8Array): { header: object; dataStart: number } {
  if (bytes.length < 8) refuse(`file of ${bytes.length} bytes`, 'a header length takes 8');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Compared as a BigInt: a hostile length must not be rounded before it is checked.
  const length = view.getBigUint64(0, true);
  if (length > BigInt(LARGEST_HEADER)) {
    refuse(`header of ${length} bytes`, `at most ${LARGEST_HEADER} are read`);
  }
  if (length > BigInt(bytes.length - 8)) {
    refuse(
      `header of ${length} bytes`,
      `only ${bytes.length - 8} bytes follow: the file is cut short`,
    );
  }
  const dataStart = 8 + Number(length);
  let text = '';
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    text = decoder.decode(bytes.subarray(8, dataStart));
  } catch (error) {
    refuse('header', 'is not UTF-8', error);
  }
  if (!text.startsWith('{')) refuse('header', 'must begin with "{"');
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    refuse('header', 'is not JSON', error);
  }
  const twice = findDuplicateKey(text);
  if (twice !== null) refuse(`name ${JSON.stringify(twice)}`, 'occurs twice in the header');
  return { header: header as object, dataStart };
}

function readMetadata(value: unknown, metadata: Map<string, string>): void {
  if (!isRecord(value)) refuse(METADATA, 'must be an object of strings');
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'string') refuse(`${METADATA} ${JSON.stringify(key)}`, 'must be a string');
    metadata.set(key, entry);
  }
}

function readEntry(name: string, value: unknown, widths: Readonly<Record<string, number>>): Entry {
  const label = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(value)) refuse(label, 'must be an object');
  for (const key of Object.keys(value)) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets') {
      refuse(`${label}, field ${JSON.stringify(key)}`, 'is not part of the format');
    }
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(widths, dtype)) {
    const known = Object.keys(widths).join(', ');
    refuse(`${label}, dtype ${JSON.stringify(dtype) ?? 'missing'}`, `only ${known} are read`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    refuse(`${label}, shape`, 'must be an array of whole numbers ≥ 0');
  }
  const size = byteSize(widths[dtype], shape);
  if (size === null) refuse(`${label}, shape [${shape.join(', ')}]`, 'its size overflows');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    refuse(`${label}, data_offsets`, 'must be two whole numbers ≥ 0');
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) refuse(`${label}, data_offsets`, `begin ${begin} is after end ${end}`);
  if (end - begin !== size) {
    refuse(`${label}, data_offsets`, `span ${end - begin} bytes, the shape needs ${size}`);
  }
  return {
    name,
    dtype: dtype as Entry['dtype'],
    shape: shape.map((extent) => extent + 0),
    begin,
    end,
  };
}

/** The entries must tile the data: no overlap, no hole, nothing left over, nothing outside. */
function requireFullCover(entries: readonly Entry[], bytes: number): void {
  let covered = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const label = `tensor ${JSON.stringify(entry.name)}`;
    if (entry.end > bytes) {
      refuse(label, `ends at byte ${entry.end} of ${bytes}: the file is cut short`);
    }
    if (entry.begin < covered)
      refuse(label, `overlaps the tensor before it at byte ${entry.begin}`);
    if (entry.begin > covered)
      refuse(label, `leaves a hole from byte ${covered} to ${entry.begin}`);
    covered = entry.end;
  }
  if (covered !== bytes)
    refuse(`data of ${bytes} bytes`, `only the first ${covered} belong to tensors`);
}

function viewAs(name: string, dtype: DType, buffer: ArrayBuffer): TensorData {
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'I32') return new Int32Array(buffer);
  if (dtype === 'U32') return new Uint32Array(buffer);
  const data = new Uint8Array(buffer);
  if (dtype === 'BOOL' && data.some((byte) => byte > 1)) {
    refuse(`tensor ${JSON.stringify(name)}`, 'a BOOL must be 0 or 1');
  }
  return data;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
