/** The hot loop of a bench: a phase n times over, in as few submits as a slow adapter can bear. */
import type { Gpu } from '../src/gpu/open';
import type { Step } from '../src/plan/build';

const DISPATCHES_PER_SUBMIT = 512;

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
  await gpu.device.queue.onSubmittedWorkDone();
  gpu.check();
}
