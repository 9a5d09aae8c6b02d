/** A phase n times over, for measuring: in as few submits as a slow adapter can bear. */
import { withDeadline } from '../gpu/deadline';
import type { Gpu } from '../gpu/open';
import type { Step } from './build';

const DISPATCHES_PER_SUBMIT = 512;
/** One large product takes two minutes on a software adapter. */
const DEADLINE_MS = 600_000;

/** Resolves when the device has done it all; rejects with the first error it reported. */
export async function replay(gpu: Gpu, steps: readonly Step[], n: number): Promise<void> {
  const perSubmit = Math.max(1, Math.floor(DISPATCHES_PER_SUBMIT / steps.length));
  for (let done = 0; done < n; done += perSubmit) {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let k = done; k < Math.min(n, done + perSubmit); k++) {
      for (const { pipeline, group, x, y, z } of steps) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(x, y, z);
      }
    }
    pass.end();
    gpu.device.queue.submit([encoder.finish()]);
  }
  await withDeadline(gpu, 'measuring', gpu.device.queue.onSubmittedWorkDone(), DEADLINE_MS);
  gpu.check();
}
