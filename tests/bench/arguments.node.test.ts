import { expect, it } from 'vitest';
import { UsageError, readArguments } from '../../scripts/bench-arguments';

it('reads a filter and its options, Chrome unless said otherwise', () => {
  expect(readArguments([])).toEqual({ filter: '', runtime: 'chrome', peers: false });
  expect(readArguments(['step', '--peers', '--json', 'out.json'])).toEqual({
    filter: 'step',
    runtime: 'chrome',
    peers: true,
    json: 'out.json',
  });
  expect(readArguments(['--runtime', 'node']).runtime).toBe('node');
});

it.each([
  [['a', 'b'], /^filter: one at most/],
  [['--runtime', 'cpu'], /^--runtime: cpu is not one of chrome, node$/],
  [['--peers', '--runtime', 'node'], /^--peers: /],
  [['--json', ''], /^--json: /],
  [['--fast'], /--fast/],
])('refuses %j with one line that names the argument', (args, message) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(message);
  try {
    readArguments(args);
  } catch (error) {
    expect((error as Error).message).not.toContain('\n');
  }
});
