import { defineConfig } from 'vitest/config';
import { wgsl } from './scripts/wgsl-plugin.ts';
import { countReporter } from './tests/support/count-reporter.ts';
import { crashGpu, puppeteer } from './tests/support/puppeteer-provider.ts';

// Software adapters are slow, slower still on a busy machine: these only catch what hangs.
const testTimeout = 120_000;
const hookTimeout = 120_000;

export default defineConfig({
  plugins: [wgsl()],
  // Known before the first page loads: a dependency found later would reload the page under its tests.
  optimizeDeps: { include: ['fast-check'] },
  test: {
    reporters: ['default', countReporter()],
    allowOnly: false,
    maxWorkers: 2,
    testTimeout,
    hookTimeout,
    // Two lanes: a software adapter keeps one core busy for all of `chromium`; Node and pages take turns on another.
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['tests/**/*.node.test.ts'],
          pool: 'forks',
          isolate: false,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'chromium',
          include: ['tests/**/*.browser.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            ui: false,
            screenshotFailures: false,
            provider: puppeteer(),
            instances: [{ browser: 'chromium' }],
            commands: { crashGpu },
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          // A page draws at its next frame, and twice where one piece waits for another: what it says is asked for until it does.
          expect: { poll: { timeout: 20_000, interval: 50 } },
          include: ['tests/pages/**/*.page.test.ts'],
          globalSetup: ['tests/pages/build.ts'],
          pool: 'forks',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
