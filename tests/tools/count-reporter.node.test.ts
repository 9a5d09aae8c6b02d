import type { TestModule } from 'vitest/node';
import { expect, test } from 'vitest';
import { countTests } from '../support/count-reporter';

function moduleOf(state: string, tests: string[]): TestModule {
  const allTests = () => tests.map((test) => ({ result: () => ({ state: test }) }));
  return { state: () => state, children: { allTests } } as unknown as TestModule;
}

test('the last line counts tests, and what failed outside a test', () => {
  expect(countTests([])).toEqual({ passed: 0, failed: 0 });
  const good = moduleOf('passed', ['passed', 'passed', 'skipped']);
  expect(countTests([good])).toEqual({ passed: 2, failed: 0 });
  const mixed = moduleOf('failed', ['passed', 'failed', 'failed']);
  expect(countTests([good, mixed])).toEqual({ passed: 3, failed: 2 });
  // A file that does not load has no tests, a hook fails without one, a killed run leaves some pending.
  expect(countTests([moduleOf('failed', [])])).toEqual({ passed: 0, failed: 1 });
  expect(countTests([moduleOf('failed', ['passed'])])).toEqual({ passed: 1, failed: 1 });
  expect(countTests([moduleOf('pending', ['passed', 'pending'])])).toEqual({
    passed: 1,
    failed: 1,
  });
});
