/**
 * Replaying a plan: many steps in one submit, at most two submits in flight, and nothing made, hashed, written or read
 * back inside the loop over steps (DESIGN §1, §6).
 */
import { withDeadline } from '../gpu/deadline';
import type { Gpu } from '../gpu/open';
import { createReadbackRing, type CopyRange } from '../gpu/readback';
import { createPassTimer, readTiming, TIMING_BYTES } from '../gpu/timing';
import { bytesOf } from './arena';
import type { Plan, Step } from './build';
import type { MetricRing } from './metrics';
import { createOrder, IN_FLIGHT, type Order } from './order';
import type { Block } from './types';

export interface Runner {
  /**
   * Encodes and submits `count` steps (0 to `limit`), then phase `after` if named. Resolves to their results once the
   * device has them; call again before it does to keep the device busy.
   */
  submit(count: number, firstStep: number, after?: After): Promise<Batch>;
  /** Behind all submits asked for so far. */
  readonly inOrder: Order['inOrder'];
  /** Most steps a submit may hold. */
  readonly limit: number;
  dispose(): void;
}

/** A phase to run behind the steps, and the persistent blocks to bring back. */
export interface After {
  readonly phase: string;
  readonly outputs: readonly Block[];
}

export interface Batch {
  readonly firstStep: number;
  readonly count: number;
  /** The ring's rows of these steps, [count, columns]. */
  readonly rows: Float32Array;
  /** One array per output of `after`. */
  readonly outputs: readonly Float32Array[];
  /** Device time in milliseconds as the host saw it: from the end of the batch before, or from submitting. */
  readonly milliseconds: number;
  /** Time on the device alone, from timestamps; null where it has none. */
  readonly deviceMilliseconds: number | null;
}

export interface RunnerSpec {
  readonly gpu: Gpu;
  readonly plan: Plan;
  /** Name of the phase that is a step, and its ring; null for a plan that only evaluates. */
  readonly step: { readonly phase: string; readonly ring: MetricRing } | null;
  /** Of the rows of a ring and the largest set of outputs that an `after` will ask for. */
  readonly stagingBytes: number;
}

export function createRunner({ gpu, plan, step, stagingBytes }: RunnerSpec): Runner {
  const { device } = gpu;
  const rowBytes = step ? 4 * step.ring.columns : 0;
  const limit = step ? step.ring.capacity : 0;
  const timer = createPassTimer(gpu);
  const staging = createReadbackRing(gpu, stagingBytes, IN_FLIGHT + 1);
  const ringBuffer = step ? plan.buffer(step.ring.block) : null;
  const order = createOrder();
  let lastEnd = 0;

  function rangesOf(count: number, firstStep: number, after: After | undefined): CopyRange[] {
    const ranges: CopyRange[] = [];
    if (ringBuffer && count > 0) {
      const start = firstStep % limit;
      const head = Math.min(count, limit - start);
      ranges.push({ source: ringBuffer, offset: start * rowBytes, bytes: head * rowBytes });
      if (count > head)
        ranges.push({ source: ringBuffer, offset: 0, bytes: (count - head) * rowBytes });
    }
    for (const block of after?.outputs ?? []) {
      ranges.push({ source: plan.buffer(block), offset: 0, bytes: bytesOf(block) });
    }
    return ranges;
  }

  /** Kernels of the phase behind the steps, and a place among the submits in flight; undefined where nothing is waited for. */
  function hindrance(after: After | undefined): (() => Promise<unknown>) | undefined {
    const ready = !after || plan.phases[after.phase];
    if (ready && !order.full()) return undefined;
    return async () => {
      if (after) await plan.ready(after.phase);
      await order.place();
    };
  }

  function send(count: number, firstStep: number, after: After | undefined) {
    gpu.check();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(timer ? { timestampWrites: timer.writes } : {});
    if (step) for (let k = 0; k < count; k++) replay(pass, plan.phases[step.phase]);
    if (after) replay(pass, plan.phases[after.phase]);
    pass.end();
    const ranges = rangesOf(count, firstStep, after);
    if (timer) ranges.push(timer.resolve(encoder));
    const pending = staging.copy(encoder, ranges);
    if (!pending)
      throw new Error('no staging buffer is free; at most two submits may be in flight');
    const submitted = performance.now();
    device.queue.submit([encoder.finish()]);
    const arrival = pending.take();
    order.take(arrival);
    return { arrival, submitted };
  }

  async function submit(count: number, firstStep: number, after?: After): Promise<Batch> {
    if (count > limit)
      throw new Error(`a submit of ${count} steps; the metric ring holds ${limit}`);
    const sent = order.inOrder(() => send(count, firstStep, after), hindrance(after));
    const { arrival, submitted } = await sent;
    const bytes = await withDeadline(gpu, 'running steps', arrival);
    gpu.check();
    const end = performance.now();
    const milliseconds = end - Math.max(submitted, lastEnd);
    lastEnd = end;
    return {
      ...split(bytes, count * (step?.ring.columns ?? 0), after),
      firstStep,
      count,
      milliseconds,
      deviceMilliseconds: timer ? readTiming(bytes, bytes.byteLength - TIMING_BYTES) : null,
    };
  }

  return {
    submit,
    inOrder: order.inOrder,
    limit,
    dispose() {
      staging.dispose();
      timer?.dispose();
    },
  };
}

/** The hot loop. */
function replay(pass: GPUComputePassEncoder, steps: readonly Step[]): void {
  let current: GPUComputePipeline | null = null;
  for (const { pipeline, group, x, y, z } of steps) {
    if (pipeline !== current) {
      pass.setPipeline(pipeline);
      current = pipeline;
    }
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y, z);
  }
}

function split(
  bytes: ArrayBuffer,
  rowFloats: number,
  after: After | undefined,
): { rows: Float32Array; outputs: Float32Array[] } {
  const rows = new Float32Array(bytes, 0, rowFloats);
  let at = 4 * rowFloats;
  const outputs = (after?.outputs ?? []).map((block) => {
    const values = new Float32Array(bytes, at, block.elements);
    at += bytesOf(block);
    return values;
  });
  return { rows, outputs };
}
