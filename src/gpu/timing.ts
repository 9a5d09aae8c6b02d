/**
 * Device time of a compute pass from timestamp queries, where the adapter has them: a bonus beside the wall clock. Browsers
 * round to about 0.1 ms, and timestamps exist at the ends of passes only, so a pass should hold much work.
 */
import type { Gpu } from './open';
import type { CopyRange } from './readback';

export interface PassTimer {
  /** For the descriptor of the pass to be timed. */
  readonly writes: GPUComputePassTimestampWrites;
  /** Encodes the end of the measurement, after the pass; the range then holds its two times. */
  resolve(encoder: GPUCommandEncoder): CopyRange;
  dispose(): void;
}

/** Bytes of a measurement: begin and end, u64 nanoseconds each. */
export const TIMING_BYTES = 16;

/** Null where the device has no timestamps. One timer serves any number of submits, since they run in order. */
export function createPassTimer({ device }: Gpu): PassTimer | null {
  if (!device.features.has('timestamp-query')) return null;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const times = device.createBuffer({
    label: 'timestamps',
    size: TIMING_BYTES,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  return {
    writes: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    resolve(encoder) {
      encoder.resolveQuerySet(querySet, 0, 2, times, 0);
      return { source: times, offset: 0, bytes: TIMING_BYTES };
    },
    dispose() {
      querySet.destroy();
      times.destroy();
    },
  };
}

/** Milliseconds between the two times at `offset`; null when the clock was reset between them, which devices may do. */
export function readTiming(bytes: ArrayBuffer, offset: number): number | null {
  const view = new DataView(bytes, offset, TIMING_BYTES);
  const nanoseconds = view.getBigUint64(8, true) - view.getBigUint64(0, true);
  return nanoseconds < 0n ? null : Number(nanoseconds) / 1e6;
}
