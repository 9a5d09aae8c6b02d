import { afterEach, expect, test, vi } from 'vitest';
import { chromeFlags, findChrome } from '../../scripts/chrome.mjs';

afterEach(() => vi.unstubAllEnvs());

test('a browser named in the environment wins', () => {
  vi.stubEnv('CHROME_PATH', '');
  vi.stubEnv('PUPPETEER_EXECUTABLE_PATH', '/opt/second');
  expect(findChrome()).toBe('/opt/second');
  vi.stubEnv('CHROME_PATH', '/opt/first');
  expect(findChrome()).toBe('/opt/first');
});

test('CUSP_GPU chooses between the card and the software adapter', () => {
  vi.stubEnv('CUSP_GPU', '1');
  expect(chromeFlags()).not.toContain('--use-webgpu-adapter=swiftshader');
  vi.stubEnv('CUSP_GPU', '0');
  expect(chromeFlags()).toContain('--use-webgpu-adapter=swiftshader');
  expect(chromeFlags()).toContain('--enable-unsafe-webgpu');
});
