import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import { choice, flag, list, number, object, parse, text } from '../../src/lab/schema';
import { describe, fromParams, setPath, toParams } from '../../src/lab/schema-paths';

const schema = object({
  steps: number({ min: 1, max: 1e6, integer: true, label: 'Steps' }),
  optimizer: object({
    lr: number({ min: 0, max: 10, default: 0.01, unit: 'per step', help: 'Size of a step.' }),
    kind: choice(['sgd', 'adamw'], { default: 'adamw' }),
    nesterov: flag({ default: false }),
  }),
  fractions: list(number({ min: 0, max: 1 }), { default: [0.3] }),
  tags: list(text(), { default: [] }),
  title: text({ default: 'run' }),
});

const defaults = parse(schema, { steps: 10 });

function caught(run: () => unknown): BadConfig {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig);
    return error as BadConfig;
  }
  throw new Error('accepted');
}

test('rows for a form, in order', () => {
  const rows = describe(schema);
  expect(rows.map((row) => row.path)).toEqual([
    'steps',
    'optimizer.lr',
    'optimizer.kind',
    'optimizer.nesterov',
    'fractions',
    'tags',
    'title',
  ]);
  expect(rows[0]).toEqual({
    path: 'steps',
    kind: 'number',
    min: 1,
    max: 1e6,
    integer: true,
    required: true,
    label: 'Steps',
  });
  expect(rows[1]).toMatchObject({ default: 0.01, unit: 'per step', help: 'Size of a step.' });
  expect(rows[2]).toMatchObject({ kind: 'choice', choices: ['sgd', 'adamw'], required: false });
});

group('--set path=text', () => {
  test.each([
    ['steps', '500', { steps: 500 }],
    ['steps', ' 5e2 ', { steps: 500 }],
    ['optimizer.lr', '.5', { optimizer: { lr: 0.5 } }],
    ['optimizer.lr', '1e-3', { optimizer: { lr: 0.001 } }],
    ['optimizer.kind', 'sgd', { optimizer: { kind: 'sgd' } }],
    ['optimizer.nesterov', 'true', { optimizer: { nesterov: true } }],
    ['optimizer.nesterov', '0', { optimizer: { nesterov: false } }],
    ['fractions', '0.1,0.5, 1', { fractions: [0.1, 0.5, 1] }],
    ['fractions', '[0.1, 0.5]', { fractions: [0.1, 0.5] }],
    ['fractions', '', { fractions: [] }],
    ['tags', '["a,b","c"]', { tags: ['a,b', 'c'] }],
    ['title', '500', { title: '500' }],
    ['title', '', { title: '' }],
  ])('%s=%s', (path, value, expected) => {
    expect(setPath(schema, {}, path, value)).toEqual(expected);
  });

  test('keeps the rest and does not touch what it was given', () => {
    const config = { steps: 3, optimizer: { lr: 1 } };
    const changed = setPath(schema, config, 'optimizer.kind', 'sgd');
    expect(changed).toEqual({ steps: 3, optimizer: { lr: 1, kind: 'sgd' } });
    expect(config).toEqual({ steps: 3, optimizer: { lr: 1 } });
  });

  test.each([
    ['steps', 'many', 'steps: got "many": must be a whole number from 1 to 1000000.'],
    ['steps', '', 'steps: got "": must be a whole number from 1 to 1000000.'],
    ['steps', '0x10', 'steps: got "0x10": must be a whole number from 1 to 1000000.'],
    ['steps', 'Infinity', 'steps: got "Infinity": must be a whole number from 1 to 1000000.'],
    ['steps', '1e400', 'steps: got Infinity: must be a whole number from 1 to 1000000.'],
    ['optimizer.nesterov', 'yes', 'optimizer.nesterov: got "yes": must be true or false.'],
    ['optimizer.lrr', '1', 'optimizer.lrr: no such setting. Did you mean optimizer.lr?'],
    ['fractions', '1,x', 'fractions.1: got "x": must be a number from 0 to 1.'],
    ['fractions', '[1', 'fractions: is not JSON. Write 1,2,3 or [1, 2, 3].'],
    ['fractions.0', '1', /^fractions\.0: no such setting/],
    ['optimizer', '{}', /^optimizer: is a group\. Set one of optimizer\.lr, optimizer\.kind/],
    ['__proto__.lr', '1', /^__proto__\.lr: no such setting/],
    ['constructor', '1', /^constructor: no such setting/],
    ['', '1', /no such setting/],
  ])('refuses %s=%s', (path, value, message) => {
    expect(caught(() => setPath(schema, {}, path, value)).message).toMatch(message);
  });

  test('refuses a config whose parent is not an object', () => {
    expect(caught(() => setPath(schema, { optimizer: 3 }, 'optimizer.lr', '1')).path).toBe(
      'optimizer.lr',
    );
  });
});

group('URL parameters', () => {
  test('only what is not the default; required fields always', () => {
    expect(toParams(schema, defaults).toString()).toBe('steps=10');
    const changed = parse(schema, { steps: 10, optimizer: { lr: 1 }, fractions: [0.1, 0.2] });
    expect(toParams(schema, changed).toString()).toBe(
      'steps=10&optimizer.lr=1&fractions=0.1%2C0.2',
    );
  });

  test('there and back for any config', () => {
    const configs = fc.record({
      steps: fc.integer({ min: 1, max: 1e6 }),
      optimizer: fc.record({
        lr: fc.double({ min: 0, max: 10, noNaN: true }).map((x) => x + 0),
        kind: fc.constantFrom('sgd', 'adamw'),
        nesterov: fc.boolean(),
      }),
      fractions: fc.array(fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0)),
      tags: fc.array(fc.string({ maxLength: 20 })),
      title: fc.string({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(configs, (config) => {
        const parsed = parse(schema, config);
        const url = toParams(schema, parsed).toString();
        expect(fromParams(schema, new URLSearchParams(url))).toEqual(parsed);
      }),
    );
  });

  test('lies over a preset; the page keeps its own parameters', () => {
    const params = new URLSearchParams('optimizer.lr=2&embed=1');
    const base = { steps: 7, optimizer: { kind: 'sgd' } };
    expect(fromParams(schema, params, { base, ignore: ['embed'] })).toEqual({
      ...defaults,
      steps: 7,
      optimizer: { lr: 2, kind: 'sgd', nesterov: false },
    });
  });

  test.each([
    ['stesp=1', 'stesp'],
    ['steps=1&steps=2', 'steps'],
    ['steps=1&optimizer.lr=99', 'optimizer.lr'],
    ['optimizer.lr=1', 'steps'],
    ['steps=1&__proto__.x=1', '__proto__.x'],
  ])('refuses %s', (query, path) => {
    expect(caught(() => fromParams(schema, new URLSearchParams(query))).path).toBe(path);
  });
});
