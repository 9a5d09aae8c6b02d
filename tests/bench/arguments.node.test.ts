import { afterEach, expect, it, vi } from 'vitest';
import { UsageError, readArguments, wantsCard } from '../../scripts/bench-arguments';

it('reads a filter and its options, Chrome unless said otherwise', () => {
  expect(readArguments([])).toEqual({
    filter: '',
    runtime: 'chrome',
    peers: false,
    quick: false,
    list: false,
  });
  expect(readArguments(['step', '--peers', '--quick', '--json', 'out.json'])).toEqual({
    filter: 'step',
    runtime: 'chrome',
    peers: true,
    quick: true,
    list: false,
    json: 'out.json',
  });
  expect(readArguments(['--runtime', 'node']).runtime).toBe('node');
  expect(readArguments(['copy,dft/113', '--list'])).toMatchObject({
    filter: 'copy,dft/113',
    list: true,
  });
});

it.each([
  [['a', 'b'], /^filter: one at most, got a b; write a,b for several$/],
  [['a,,b'], /^filter: "a,,b" has an empty part/],
  [['a,'], /^filter: "a," has an empty part/],
  [['--runtime', 'cpu'], /^--runtime: cpu is not one of chrome, node$/],
  [['--peers', '--runtime', 'node'], /^--peers: /],
  [['--json', ''], /^--json: /],
  [['--json', 'x', '--list'], /^--json: nothing is measured with --list$/],
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

afterEach(() => void vi.unstubAllEnvs());

it.each([
  ['1', true],
  ['0', false],
  ['', false],
  [undefined, false],
])('CUSP_GPU=%s asks for a card: %s', (value, wanted) => {
  vi.stubEnv('CUSP_GPU', value);
  expect(wantsCard()).toBe(wanted);
});
