/**
 * Reading device memory without stalling it: a ring of staging buffers. A copy is encoded behind the work it belongs to,
 * and its bytes arrive later.
 */
import { withDeadline } from './deadline';
import type { Gpu } from './open';

export interface ReadbackRing {
  /**
   * Encodes a copy of `bytes` at `offset` into a free staging buffer; null when all are on their way, and then the caller
   * waits for one. Call `take` after the encoder was submitted.
   */
  copy(encoder: GPUCommandEncoder, ranges: readonly CopyRange[]): Pending | null;
  dispose(): void;
}

export interface CopyRange {
  readonly source: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

export interface Pending {
  /** The bytes of all ranges, one after the other. */
  take(): Promise<ArrayBuffer>;
}

/** `count` staging buffers of `bytes` each, made once. */
export function createReadbackRing(gpu: Gpu, bytes: number, count: number): ReadbackRing {
  const free = Array.from({ length: count }, (_, k) =>
    gpu.device.createBuffer({
      label: `staging ${k}`,
      size: Math.max(4, bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    }),
  );
  const all = [...free];
  return {
    copy(encoder, ranges) {
      const staging = free.pop();
      if (!staging) return null;
      let end = 0;
      for (const { source, offset, bytes: length } of ranges) {
        encoder.copyBufferToBuffer(source, offset, staging, end, length);
        end += length;
      }
      return {
        async take() {
          await withDeadline(
            gpu,
            'reading results back',
            staging.mapAsync(GPUMapMode.READ, 0, end),
          );
          const values = staging.getMappedRange(0, end).slice(0);
          staging.unmap();
          free.push(staging);
          return values;
        },
      };
    },
    dispose() {
      for (const staging of all) staging.destroy();
    },
  };
}

/** One read outside the step loop: makes its own staging buffer, waits, frees it. */
export async function readBuffer(
  gpu: Gpu,
  source: GPUBuffer,
  offset: number,
  bytes: number,
): Promise<ArrayBuffer> {
  const ring = createReadbackRing(gpu, bytes, 1);
  try {
    const encoder = gpu.device.createCommandEncoder({ label: 'read' });
    const pending = ring.copy(encoder, [{ source, offset, bytes }]);
    gpu.device.queue.submit([encoder.finish()]);
    if (!pending) throw new Error('a new ring has a free buffer');
    return await pending.take();
  } finally {
    ring.dispose();
  }
}
