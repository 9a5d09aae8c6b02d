import { expect, test } from 'vitest';

// Without an adapter every other test here would be empty: this one says so plainly.
test('the browser offers a WebGPU adapter', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter, 'no WebGPU adapter: check the flags in scripts/chrome.mjs').not.toBeNull();
  const { vendor, architecture, description, isFallbackAdapter } = adapter!.info;
  console.log(
    `adapter: ${[vendor, architecture, description].join(' ')} fallback=${isFallbackAdapter}`,
  );
  expect(adapter!.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
});
