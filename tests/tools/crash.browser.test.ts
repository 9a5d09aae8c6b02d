import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';

test('commands.crashGpu stages a device loss, and more than one', async () => {
  for (let round = 0; round < 2; round++) {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter!.requestDevice();
    await commands.crashGpu();
    const { reason } = await device.lost;
    expect(reason).toBe('unknown');
  }
  expect(await navigator.gpu.requestAdapter()).not.toBeNull();
});
