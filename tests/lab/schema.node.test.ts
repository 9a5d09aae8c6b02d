import { describe, expect, expectTypeOf, test } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import { choice, flag, list, number, object, parse, text, type Infer } from '../../src/lab/schema';
import { didYouMean, editDistance } from '../../src/lab/suggest';

const schema = object({
  seed: number({ min: 0, max: 2 ** 32 - 1, integer: true, default: 0 }),
  network: object({
    width: number({ min: 1, max: 4096, integer: true, default: 48, label: 'Width' }),
    activation: choice(['relu', 'gelu'], { default: 'relu' }),
  }),
  optimizer: object({
    lr: number({ min: 0, max: 10, default: 0.01, unit: 'per step' }),
    nesterov: flag({ default: false }),
  }),
  betas: list(number({ min: 0, max: 1 }), { default: [0.9, 0.98], minLength: 1, maxLength: 3 }),
  title: text({ default: '', maxLength: 10 }),
});

const full = {
  seed: 0,
  network: { width: 48, activation: 'relu' },
  optimizer: { lr: 0.01, nesterov: false },
  betas: [0.9, 0.98],
  title: '',
};

function caught(value: unknown, from: Parameters<typeof parse>[0] = schema): BadConfig {
  try {
    parse(from, value);
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfig);
    expect((error as BadConfig).message).not.toContain('\n');
    return error as BadConfig;
  }
  throw new Error('accepted');
}

describe('what is accepted', () => {
  test('an empty object is all defaults, and a full one is itself', () => {
    expect(parse(schema, {})).toEqual(full);
    expect(parse(schema, full)).toEqual(full);
    expect(parse(schema, parse(schema, { seed: 3 }))).toEqual({ ...full, seed: 3 });
  });

  test('given values stay, missing ones are filled in, at every depth', () => {
    const value = parse(schema, { optimizer: { lr: 1 }, betas: [0] });
    expect(value).toEqual({ ...full, optimizer: { lr: 1, nesterov: false }, betas: [0] });
  });

  test('the limits themselves', () => {
    expect(parse(schema, { seed: 2 ** 32 - 1, optimizer: { lr: 0 } }).optimizer.lr).toBe(0);
    expect(parse(schema, { title: '1234567890' }).title.length).toBe(10);
  });

  test('undefined counts as missing; objects without a prototype are fine', () => {
    const bare = Object.assign(Object.create(null) as object, { seed: undefined });
    expect(parse(schema, bare)).toEqual(full);
  });

  test('the result shares nothing with the input or with the defaults', () => {
    const first = parse(schema, {});
    (first.betas as number[])[0] = 0;
    first.network.width = 1;
    expect(parse(schema, {})).toEqual(full);
    const given = { betas: [0.5] };
    expect(parse(schema, given).betas).not.toBe(given.betas);
  });

  test('types follow the schema', () => {
    expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{
      seed: number;
      network: { width: number; activation: 'relu' | 'gelu' };
      optimizer: { lr: number; nesterov: boolean };
      betas: readonly number[];
      title: string;
    }>();
  });
});

describe('what is refused, and the one line that says so', () => {
  test.each<[unknown, string, string]>([
    [null, '', 'got null: must be an object.'],
    [[], '', 'got a list of 0: must be an object.'],
    ['x', '', 'got "x": must be an object.'],
    [new Date(0), '', 'got an object: must be an object.'],
    [{ sede: 1 }, 'sede', 'sede: unknown key. Did you mean seed?'],
    [{ optimizer: { rl: 1 } }, 'optimizer.rl', 'optimizer.rl: unknown key. Did you mean lr?'],
    [
      { quite: 1 },
      'quite',
      'quite: unknown key. Known here: seed, network, optimizer, betas, title.',
    ],
    [{ seed: '1' }, 'seed', 'seed: got "1": must be a whole number from 0 to 4294967295.'],
    [{ seed: 0.5 }, 'seed', 'seed: got 0.5: must be a whole number from 0 to 4294967295.'],
    [{ seed: NaN }, 'seed', 'seed: got NaN: must be a whole number from 0 to 4294967295.'],
    [
      { optimizer: { lr: NaN } },
      'optimizer.lr',
      'optimizer.lr: got NaN: must be a number from 0 to 10.',
    ],
    [
      { optimizer: { lr: Infinity } },
      'optimizer.lr',
      'optimizer.lr: got Infinity: must be a number from 0 to 10.',
    ],
    [
      { optimizer: { lr: 11 } },
      'optimizer.lr',
      'optimizer.lr: got 11: must be at most 10. Choose a number from 0 to 10.',
    ],
    [
      { network: { width: 0 } },
      'network.width',
      'network.width: got 0: must be at least 1. Choose a whole number from 1 to 4096.',
    ],
    [
      { network: { width: null } },
      'network.width',
      'network.width: got null: must be a whole number from 1 to 4096.',
    ],
    [
      { network: { activation: 'relU' } },
      'network.activation',
      'network.activation: got "relU": must be one of relu, gelu. Did you mean relu?',
    ],
    [
      { network: { activation: 'toString' } },
      'network.activation',
      'network.activation: got "toString": must be one of relu, gelu.',
    ],
    [{ network: 3 }, 'network', 'network: got 3: must be an object.'],
    [
      { optimizer: { nesterov: 1 } },
      'optimizer.nesterov',
      'optimizer.nesterov: got 1: must be true or false.',
    ],
    [{ betas: 0.9 }, 'betas', 'betas: got 0.9: must be a list.'],
    [{ betas: [] }, 'betas', 'betas: got a list of 0: must have 1 to 3 items.'],
    [
      { betas: [0.5, 2] },
      'betas.1',
      'betas.1: got 2: must be at most 1. Choose a number from 0 to 1.',
    ],
    [{ betas: Array(3) }, 'betas.0', 'betas.0: got nothing: must be a number from 0 to 1.'],
    [{ title: 5 }, 'title', 'title: got 5: must be text.'],
    [
      { title: 'longer than ten' },
      'title',
      'title: got "longer than ten": has 15 characters, at most 10 are allowed. Shorten it.',
    ],
  ])('%j', (value, path, message) => {
    const error = caught(value);
    expect(error.path).toBe(path);
    expect(error.message).toBe(message);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'the key %s, at the top and inside',
    (key) => {
      expect(caught(JSON.parse(`{"${key}": {"lr": 5}}`)).path).toBe(key);
      expect(caught(JSON.parse(`{"optimizer": {"${key}": 1}}`)).path).toBe(`optimizer.${key}`);
      expect(({} as Record<string, unknown>).lr).toBeUndefined();
    },
  );

  test('inherited values do not count', () => {
    const inherited = object({ toString: number({ min: 0, max: 1 }) });
    expect(caught({}, inherited).message).toBe(
      'toString: missing: it has no default. Give a value.',
    );
  });

  test('a required field', () => {
    const required = object({
      inner: object({ steps: number({ min: 1, max: 9, integer: true }) }),
    });
    expect(caught({}, required).path).toBe('inner.steps');
  });

  test('very long keys and values are cut in the message', () => {
    const key = 'k'.repeat(100_000);
    expect(caught({ [key]: 1 }).message.length).toBeLessThan(300);
    expect(caught({ seed: key }).message.length).toBeLessThan(300);
    expect(caught({ ['a\nb']: 1 }).path).toBe('a\nb');
  });

  test('text of a pattern must match as a whole', () => {
    const named = object({ name: text({ pattern: /[a-z]+/, form: 'small letters' }) });
    expect(parse(named, { name: 'abc' }).name).toBe('abc');
    expect(caught({ name: 'abc1' }, named).message).toBe(
      'name: got "abc1": must be small letters.',
    );
  });
});

describe('mistakes of the schema itself are found when it is made', () => {
  test.each([
    ['a default out of range', () => number({ min: 0, max: 1, default: 2 })],
    ['a default that is no choice', () => choice(['a'], { default: 'b' as never })],
    ['a list too long', () => list(flag(), { default: [true, true], maxLength: 1 })],
    ['a forbidden name', () => object({ ['__proto__']: flag() })],
    ['constructor', () => object({ constructor: flag() })],
  ])('%s', (_, make) => {
    expect(make).toThrow();
  });
});

describe('suggestions', () => {
  test.each([
    ['', '', 0],
    ['lr', 'rl', 1],
    ['weight', 'wieght', 1],
    ['kitten', 'sitting', 3],
    ['abc', '', 3],
  ])('distance of %j and %j', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  test('only what is near is suggested', () => {
    expect(didYouMean('weight_decay', ['weightDecay', 'width'])).toBe('Did you mean weightDecay?');
    expect(didYouMean('depth', ['seed', 'title'])).toBeUndefined();
    expect(didYouMean('x'.repeat(1e6), ['x'])).toBeUndefined();
  });
});
