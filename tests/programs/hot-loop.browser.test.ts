import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { classifier } from './models';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu.close());

type Counts = Record<string, number>;

/** Counts calls of every `create…`, `writeBuffer`, `submit` and `mapAsync` while `work` runs. */
async function countCalls(work: () => Promise<void>): Promise<Counts> {
  const counts: Counts = {};
  const restore: (() => void)[] = [];
  const spy = (target: object, name: string): void => {
    const original = (target as Record<string, (...args: unknown[]) => unknown>)[name];
    (target as Record<string, unknown>)[name] = function (this: unknown, ...args: unknown[]) {
      counts[name] = (counts[name] ?? 0) + 1;
      return original.apply(this, args);
    };
    restore.push(() => void ((target as Record<string, unknown>)[name] = original));
  };
  const device = Object.getPrototypeOf(gpu.device) as object;
  for (const name of Object.getOwnPropertyNames(device))
    if (name.startsWith('create')) spy(device, name);
  spy(GPUQueue.prototype, 'writeBuffer');
  spy(GPUQueue.prototype, 'submit');
  spy(GPUBuffer.prototype, 'mapAsync');
  spy(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  try {
    await work();
  } finally {
    restore.forEach((undo) => undo());
  }
  return counts;
}

describe('the step loop', () => {
  it('makes no GPU object, writes no buffer and reads nothing back inside 1,000 steps', async () => {
    const program = await compile(gpu, classifier());
    const submits = 8;
    const counts = await countCalls(async () => {
      for (let k = 0; k < submits; k++) await program.advance(1000 / submits);
    });
    const launches = program.phases.find(({ name }) => name === 'step')!.dispatches.length;
    // One encoder and one copy-out a submit of 125 steps; nothing else but launches.
    expect(counts).toEqual({
      createCommandEncoder: submits,
      submit: submits,
      mapAsync: submits,
      dispatchWorkgroups: 1000 * launches,
    });
    program.dispose();
  });
});
