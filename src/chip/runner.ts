/**
 * Running on the chip: a submit is one or more dispatches of many steps each, none longer than a tenth of a second, then an
 * evaluation where one is asked for; at most two submits in flight. Steps that would take longer than a quarter of a second go out in
 * several. Each submit writes the clock once; the steps read nothing from the host.
 */
import { withDeadline } from '../gpu/deadline';
import type { Gpu } from '../gpu/open';
import { createReadbackRing, type CopyRange } from '../gpu/readback';
import { createPassTimer, readTiming, TIMING_BYTES } from '../gpu/timing';
import { bytesOf } from '../plan/arena';
import type { Plan, Step } from '../plan/build';
import { createOrder, IN_FLIGHT, type Order } from '../plan/order';
import { createPace } from '../plan/pace';
import type { After } from '../plan/runner';
import type { Block } from '../plan/types';

export interface ChipRunner {
  /** Takes `count` steps, 0 to `limit`, then runs `after`; in parts where that takes long. */
  submit(count: number, firstStep: number, after?: After): Promise<ChipBatch>;
  /** Behind all submits asked for so far. */
  readonly inOrder: Order['inOrder'];
  /** Most steps of a submit: their rows fit the ring. */
  readonly limit: number;
  dispose(): void;
}

interface Times {
  /** From the end of the batch before, or from submitting, as the host saw it. */
  readonly milliseconds: number;
  /** From timestamps; null where there are none. */
  readonly deviceMilliseconds: number | null;
}

export interface ChipBatch extends Times {
  /** [rows, columns of a row] */
  readonly rows: Float32Array;
  /** One array per output of `after`. */
  readonly outputs: readonly Float32Array[];
}

/** A submit that has ended, and what it brings back. */
interface Arrived extends Times {
  readonly bytes: ArrayBuffer;
}

export interface ChipRunnerSpec {
  readonly gpu: Gpu;
  readonly plan: Plan;
  /** Name of the phase that is a dispatch of steps and the tick of their clock. */
  readonly phase: string;
  /** u32 [step, end, steps of a dispatch, …] */
  readonly clock: Block;
  /** u32 whose first word is the step for the phases of evaluations; absent where none reads it. */
  readonly evaluationClock?: Block;
  /** Rows in a ring: row s / rowEvery mod capacity of step s. */
  readonly ring: Block;
  readonly capacity: number;
  /** Floats of a row. */
  readonly columns: number;
  readonly rowEvery: number;
  /** Of a step of everything, roughly. */
  readonly flops: number;
  /** Of the rows of a ring and the largest set of outputs that an `after` will ask for. */
  readonly stagingBytes: number;
}

/** What a dispatch should take, and the most steps it is given. */
const DISPATCH_MS = 40;
const DISPATCH_STEPS = 4096;
/** What a submit should take at most: after seconds of one, systems take the GPU for hung and reset it. */
const SUBMIT_MS = 250;
/** What a software adapter on a busy machine does. */
const SLOW_FLOPS_PER_MS = 3e5;
const MOST_STEPS = 1_000_000;

export function createChipRunner(spec: ChipRunnerSpec): ChipRunner {
  const { gpu, plan, capacity, rowEvery } = spec;
  const { device } = gpu;
  const rowBytes = 4 * spec.columns;
  const limit = Math.min(MOST_STEPS, capacity * rowEvery);
  const timer = createPassTimer(gpu);
  const staging = createReadbackRing(gpu, spec.stagingBytes, IN_FLIGHT + 1);
  const ring = plan.buffer(spec.ring);
  const clock = plan.buffer(spec.clock);
  const clockWords = new Uint32Array(3);
  const dispatchPace = createPace(DISPATCH_MS, DISPATCH_STEPS);
  const submitPace = createPace(SUBMIT_MS, MOST_STEPS);
  const observe = (count: number, milliseconds: number): void => {
    dispatchPace.observe(count, milliseconds);
    submitPace.observe(count, milliseconds);
  };
  // A guess until there is a measurement.
  observe(1, spec.flops / SLOW_FLOPS_PER_MS);
  const order = createOrder();
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

  function encode(encoder: GPUCommandEncoder, dispatches: number, after: After | undefined): void {
    const pass = encoder.beginComputePass(timer ? { timestampWrites: timer.writes } : {});
    for (let k = 0; k < dispatches; k++) replay(pass, plan.phases[spec.phase]);
    if (after) replay(pass, plan.phases[after.phase]);
    pass.end();
  }

  function writeClocks(count: number, firstStep: number, chunk: number): void {
    clockWords.set([firstStep, firstStep + count, chunk]);
    device.queue.writeBuffer(clock, 0, clockWords);
    if (!spec.evaluationClock) return;
    const now = Uint32Array.of(firstStep + count);
    device.queue.writeBuffer(plan.buffer(spec.evaluationClock), 0, now);
  }

  /** Sends steps and what follows them, and brings `wanted` back. */
  function send(
    count: number,
    firstStep: number,
    wanted: readonly CopyRange[] = [],
    after?: After,
  ): Promise<Arrived> {
    gpu.check();
    const chunk = Math.max(1, Math.min(count, dispatchPace.steps()));
    const encoder = device.createCommandEncoder();
    encode(encoder, Math.ceil(count / chunk), after);
    // Something of a submit must come back, or its end would not be known.
    const ranges = wanted.length > 0 ? [...wanted] : [{ source: clock, offset: 0, bytes: 4 }];
    if (timer) ranges.push(timer.resolve(encoder));
    const pending = staging.copy(encoder, ranges);
    if (!pending) throw new Error('no staging buffer is free');
    const submitted = performance.now();
    writeClocks(count, firstStep, chunk);
    device.queue.submit([encoder.finish()]);
    const arrived = arrive(count, submitted, pending.take());
    order.take(arrived);
    return arrived;
  }

  async function arrive(
    count: number,
    submitted: number,
    arrival: Promise<ArrayBuffer>,
  ): Promise<Arrived> {
    const bytes = await withDeadline(gpu, 'running on the chip', arrival);
    gpu.check();
    const end = performance.now();
    const milliseconds = end - Math.max(submitted, lastEnd);
    lastEnd = end;
    observe(count, milliseconds);
    const deviceMilliseconds = timer ? readTiming(bytes, bytes.byteLength - TIMING_BYTES) : null;
    return { bytes, milliseconds, deviceMilliseconds };
  }

  async function submit(count: number, firstStep: number, after?: After): Promise<ChipBatch> {
    if (count > limit) throw new Error(`a submit of ${count} steps; the ring holds ${limit}`);
    const ranges = rangesOf(count, firstStep);
    const rowTotal = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const block of after?.outputs ?? [])
      ranges.push({ source: plan.buffer(block), offset: 0, bytes: bytesOf(block) });
    const end = firstStep + count;
    const parts: Promise<Arrived>[] = [];
    let at = firstStep;
    /** Sends all parts but the last when there is a place for each, and waits for a place for the last, which brings all rows back. */
    const lead = async (): Promise<void> => {
      for (;;) {
        await order.place();
        const steps = submitPace.steps();
        if (end - at <= steps) return;
        const part = send(steps, at);
        part.catch(() => undefined);
        parts.push(part);
        at += steps;
      }
    };
    const whole = !order.full() && count <= submitPace.steps();
    const last = await order.inOrder(
      () => send(end - at, at, ranges, after),
      whole ? undefined : lead,
    );
    const all = [...(await Promise.all(parts)), last];
    return {
      rows: new Float32Array(last.bytes, 0, rowTotal / 4),
      outputs: outputsFrom(last.bytes, rowTotal, after),
      milliseconds: all.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
      deviceMilliseconds: all.reduce<number | null>(
        (sum, { deviceMilliseconds: own }) => (sum === null || own === null ? null : sum + own),
        0,
      ),
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

function replay(pass: GPUComputePassEncoder, steps: readonly Step[]): void {
  for (const { pipeline, group, x, y, z } of steps) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y, z);
  }
}

function outputsFrom(bytes: ArrayBuffer, start: number, after: After | undefined): Float32Array[] {
  let at = start;
  return (after?.outputs ?? []).map((block) => {
    const values = new Float32Array(bytes, at, block.elements);
    at += bytesOf(block);
    return values;
  });
}
