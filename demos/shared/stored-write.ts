/** Writes what stored.ts and stored-series.ts read. */
import type { AdapterRecord, RunEvent } from '../../src/lab/record';
import type { Columns } from './series';
import type { Snapshot } from './session-state';
import type { StoredFile } from './stored';
import type { StoredSeries } from './stored-series';

export function writeStored(
  run: {
    config: object;
    adapter: AdapterRecord;
    columns: Columns;
    events: readonly RunEvent[];
    results: object;
  },
  views: ReadonlyMap<string, Snapshot>,
  series: Readonly<Record<string, StoredSeries>> = {},
): StoredFile {
  const metrics: Record<string, (number | null)[]> = {};
  for (const [name, rows] of run.columns.values) {
    metrics[name] = rows.map((row) => {
      const value = row[0];
      return value !== undefined && Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
    });
  }
  return {
    config: run.config,
    adapter: run.adapter,
    steps: run.columns.steps,
    metrics,
    events: run.events,
    results: run.results,
    views: Object.fromEntries(
      [...views].map(([name, { step, shape, data }]) => [
        name,
        { step, shape, data: encode(data) },
      ]),
    ),
    ...(Object.keys(series).length > 0 && { series }),
  };
}

function encode(data: Float32Array): string {
  return toBase64(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

export function writeSeries(list: readonly Snapshot[], bits: 8 | 16): StoredSeries {
  const shape = list[0]?.shape ?? [];
  const same = list.filter((one) => String(one.shape) === String(shape));
  const steps = same.map(({ step }) => step);
  if (bits === 16) {
    const halves = same.flatMap(({ data }) => [...data].map(upperHalf));
    const bytes = new Uint8Array(2 * halves.length);
    const view = new DataView(bytes.buffer);
    halves.forEach((half, index) => view.setUint16(2 * index, half, true));
    return { shape, steps, data: toBase64(bytes) };
  }
  const scales = same.map(({ data }) =>
    Number(data.reduce((most, value) => Math.max(most, Math.abs(value)), 0).toPrecision(6)),
  );
  const levels = same.flatMap(({ data }, index) =>
    [...data].map((value) => Math.round((127 * value) / (scales[index] || 1))),
  );
  return { shape, steps, scales, data: toBase64(new Uint8Array(Int8Array.from(levels).buffer)) };
}

const word = new DataView(new ArrayBuffer(4));

/** Rounded to the nearest. */
function upperHalf(value: number): number {
  word.setFloat32(0, value);
  return Math.min(0xffff, (word.getUint32(0) + 0x8000) >>> 16);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
