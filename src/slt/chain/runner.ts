/**
 * Running chains: a submit is one or more dispatches of many steps each, none longer than a tenth of a second, at most two
 * submits in flight. Each submit writes the clock once; the steps read nothing from the host.
 */
import { withDeadline } from '../../gpu/deadline';
import type { Gpu } from '../../gpu/open';
import { createReadbackRing, type CopyRange } from '../../gpu/readback';
import { createPassTimer, readTiming, TIMING_BYTES } from '../../gpu/timing';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import type { Plan } from '../../plan/build';
import { createPace } from '../../plan/pace';
import { PHASE, type LoweredChains } from './lower';
import type { ChainSpec } from './types';

export interface ChainRunner {
  /** Takes `count` steps, 1 to `limit`. */
  submit(count: number, firstStep: number): Promise<ChainBatch>;
  /** Most steps of a submit: their rows fit the ring. */
  readonly limit: number;
  dispose(): void;
}

export interface ChainBatch {
  /** [rows, metrics, R] */
  readonly rows: Float32Array;
  /** From the end of the batch before, or from submitting, as the host saw it. */
  readonly milliseconds: number;
  /** From timestamps; null where there are none. */
  readonly deviceMilliseconds: number | null;
}

const IN_FLIGHT = 2;
/** What a dispatch should take, and the most steps it is given. */
const DISPATCH_MS = 40;
const DISPATCH_STEPS = 4096;
/** What a software adapter on a busy machine does. */
const SLOW_FLOPS_PER_MS = 3e5;
const MOST_STEPS = 1_000_000;

export function createChainRunner(
  gpu: Gpu,
  plan: Plan,
  { blocks, capacity, flops }: LoweredChains,
  { keys, rowEvery }: ChainSpec,
): ChainRunner {
  const { device } = gpu;
  const rowBytes = 4 * SAMPLER_METRICS.length * keys.length;
  const limit = Math.min(MOST_STEPS, capacity * rowEvery);
  const timer = createPassTimer(gpu);
  const staging = createReadbackRing(gpu, capacity * rowBytes + TIMING_BYTES, IN_FLIGHT + 1);
  const ring = plan.buffer(blocks.ring);
  const clock = plan.buffer(blocks.clock);
  const clockWords = new Uint32Array(3);
  const steps = plan.phases[PHASE];
  const pace = createPace(DISPATCH_MS, DISPATCH_STEPS);
  // A guess until there is a measurement.
  pace.observe(1, flops / SLOW_FLOPS_PER_MS);
  const inFlight: Promise<unknown>[] = [];
  let lastEnd = 0;

  /** Where the rows of these steps lie in the ring: one range, or two where it wraps. */
  function rangesOf(count: number, firstStep: number): CopyRange[] {
    const first = Math.ceil(firstStep / rowEvery);
    const rows = Math.ceil((firstStep + count) / rowEvery) - first;
    const start = first % capacity;
    const head = Math.min(rows, capacity - start);
    return [
      { source: ring, offset: start * rowBytes, bytes: head * rowBytes },
      { source: ring, offset: 0, bytes: (rows - head) * rowBytes },
    ].filter(({ bytes }) => bytes > 0);
  }

  function encode(encoder: GPUCommandEncoder, dispatches: number): void {
    const pass = encoder.beginComputePass(timer ? { timestampWrites: timer.writes } : {});
    for (let k = 0; k < dispatches; k++) {
      for (const { pipeline, group, x, y, z } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(x, y, z);
      }
    }
    pass.end();
  }

  async function submit(count: number, firstStep: number): Promise<ChainBatch> {
    if (count > limit) throw new Error(`a submit of ${count} steps; the ring holds ${limit}`);
    while (inFlight.length >= IN_FLIGHT) await inFlight[0].catch(() => undefined);
    gpu.check();
    const chunk = Math.max(1, Math.min(count, pace.steps()));
    const encoder = device.createCommandEncoder();
    encode(encoder, Math.ceil(count / chunk));
    const ranges = rangesOf(count, firstStep);
    const rowTotal = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
    // Something of this submit must come back, or its end would not be known.
    if (rowTotal === 0) ranges.push({ source: clock, offset: 0, bytes: 4 });
    const timingAt = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
    if (timer) ranges.push(timer.resolve(encoder));
    const pending = staging.copy(encoder, ranges);
    if (!pending) throw new Error('no staging buffer is free');
    clockWords.set([firstStep, firstStep + count, chunk]);
    const submitted = performance.now();
    device.queue.writeBuffer(clock, 0, clockWords);
    device.queue.submit([encoder.finish()]);
    const arrival = pending.take();
    const done: Promise<unknown> = arrival.finally(() =>
      inFlight.splice(inFlight.indexOf(done), 1),
    );
    done.catch(() => undefined);
    inFlight.push(done);
    const bytes = await withDeadline(gpu, 'running chains', arrival);
    gpu.check();
    const end = performance.now();
    const milliseconds = end - Math.max(submitted, lastEnd);
    lastEnd = end;
    pace.observe(count, milliseconds);
    return {
      rows: new Float32Array(bytes, 0, rowTotal / 4),
      milliseconds,
      deviceMilliseconds: timer ? readTiming(bytes, timingAt) : null,
    };
  }

  return {
    submit,
    limit,
    dispose() {
      staging.dispose();
      timer?.dispose();
    },
  };
}
