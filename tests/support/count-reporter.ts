/**
 * Prints `N passed, N failed` as the very last line: tests over all projects, plus as failures whatever
 * broke outside a test (a file that does not load, an unhandled error, a check of scripts/test.mjs).
 */
import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export function countReporter(): Reporter {
  const failedChecks = Number(process.env.CUSP_FAILED_CHECKS ?? 0);
  let line: string | undefined;
  return {
    onInit() {
      process.once('exit', () => {
        if (line) writeSync(1, line);
      });
    },
    onTestRunEnd(modules, unhandledErrors) {
      const tests = countTests(modules);
      const failed = tests.failed + unhandledErrors.length + failedChecks;
      line = `${tests.passed} passed, ${failed} failed\n`;
      if (failed > 0 || tests.passed === 0) process.exitCode = 1;
    },
  };
}

/** Tests passed and failed; a file that failed outside its tests counts as one failure. */
export function countTests(modules: readonly TestModule[]): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  for (const module of modules) {
    let inside = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed++;
      if (state === 'failed' || state === 'pending') inside++; // pending: the run was cut short
    }
    failed += module.state() === 'failed' ? Math.max(1, inside) : inside;
  }
  return { passed, failed };
}
