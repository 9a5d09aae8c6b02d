import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadCheckpoint } from '../../src/gpu/errors';
import { findDuplicateKey } from '../../src/lab/json-keys';
import { writeSafetensors, type DType, type Tensor } from '../../src/lab/safetensors';
import { readSafetensors } from '../../src/lab/safetensors-read';

/** A file of any header text and any data. */
function file(header: string, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(Array.from(data), 8 + text.length);
  return bytes;
}

const zeros = (count: number) => new Uint8Array(count);
const tensor = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

function readError(bytes: Uint8Array): BadCheckpoint {
  try {
    readSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(BadCheckpoint);
    return error as BadCheckpoint;
  }
  throw new Error('accepted');
}

describe('round trip', () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
  const tensors = fc
    .tuple(fc.constantFrom<DType>('F32', 'I32', 'U32', 'U8', 'BOOL'), shapes, fc.nat())
    .map(([dtype, shape, salt]): Tensor => {
      const count = shape.reduce((product, extent) => product * extent, 1);
      const words = Array.from({ length: count }, (_, i) => Math.imul(i + 1, salt * 2654435761));
      const holders = { F32: Float32Array, I32: Int32Array, U32: Uint32Array, U8: Uint8Array };
      if (dtype === 'BOOL') return { dtype, shape, data: Uint8Array.from(words, (x) => x & 1) };
      return { dtype, shape, data: new holders[dtype](words) };
    });
  const names = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((name) => !/\p{Surrogate}/u.test(name)),
    fc.constantFrom('__proto__', 'constructor', '0', '', 'embed.weight', 'a"b\\c', 'naïve ∂'),
  );
  const files = fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name });
  const notes = fc.uniqueArray(fc.tuple(names, fc.string()), { selector: ([name]) => name });

  test('gives back every tensor and every string', () => {
    fc.assert(
      fc.property(files, notes, (entries, strings) => {
        const bytes = writeSafetensors(new Map(entries), new Map(strings));
        const { tensors: read, metadata } = readSafetensors(bytes);
        expect(Object.fromEntries(read)).toEqual(Object.fromEntries(new Map(entries)));
        expect(read.size).toBe(entries.length);
        expect(metadata.size).toBe(strings.length + (metadata.get('format') === 'pt' ? 1 : 0));
        for (const [key, value] of strings) expect(metadata.get(key)).toBe(value);
        // Writing what was read gives the same bytes: the order does not depend on the caller.
        expect(writeSafetensors(read, metadata).length).toBe(bytes.length);
        expect(writeSafetensors(new Map([...entries].reverse()), new Map(strings))).toEqual(bytes);
      }),
    );
  });

  test('keeps NaN, infinities, negative zero and the bit patterns of float32', () => {
    const data = Float32Array.of(NaN, Infinity, -Infinity, -0, 1e-45, 3.4028235e38);
    const bytes = writeSafetensors(new Map([['x', { dtype: 'F32', shape: [6], data }]]));
    const read = readSafetensors(bytes).tensors.get('x')?.data as Float32Array;
    expect(new Uint32Array(read.buffer)).toEqual(new Uint32Array(data.buffer));
  });

  test('reads from and writes views at odd offsets', () => {
    const data = new Float32Array(5).subarray(1, 4).fill(2);
    const bytes = writeSafetensors(new Map([['x', { dtype: 'F32', shape: [3], data }]]));
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const read = readSafetensors(shifted.subarray(3)).tensors.get('x');
    expect(read).toEqual({ dtype: 'F32', shape: [3], data: Float32Array.of(2, 2, 2) });
  });
});

describe('layout', () => {
  test('the header is aligned, padded with spaces, marked for PyTorch; wide types come first', () => {
    const bytes = writeSafetensors(
      new Map<string, Tensor>([
        ['a.mask', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
        ['b.weight', { dtype: 'F32', shape: [], data: Float32Array.of(1) }],
        ['a.weight', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(2, 3) }],
      ]),
      { step: '400' },
    );
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(length % 8).toBe(0);
    expect(text.trimEnd()).toBe(
      '{"__metadata__":{"format":"pt","step":"400"},' +
        '"a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},' +
        '"b.weight":{"dtype":"F32","shape":[],"data_offsets":[8,12]},' +
        '"a.mask":{"dtype":"BOOL","shape":[3],"data_offsets":[12,15]}}',
    );
    expect(bytes.length).toBe(8 + length + 15);
  });

  test('reads a file of another writer: unaligned header, any order', () => {
    const header = `{"b":${tensor(4, 8)}, "a": ${tensor(0, 4, [], 'I32')} }`;
    const { tensors, metadata } = readSafetensors(file(header, [1, 0, 0, 0, 0, 0, 128, 63]));
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect(tensors.get('a')).toEqual({ dtype: 'I32', shape: [], data: Int32Array.of(1) });
    expect(tensors.get('b')?.data).toEqual(Float32Array.of(1));
    expect(metadata.size).toBe(0);
  });

  test("reads the bytes of Python's safetensors 0.8.0, and writes the same for the same tensors", () => {
    const python =
      '90000000000000007b225f5f6d657461646174615f5f223a7b22666f726d6174223a227074227d2c2277223a' +
      '7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b30' +
      '2c385d7d2c226d223a7b226474797065223a225538222c227368617065223a5b335d2c22646174615f6f6666' +
      '73657473223a5b382c31315d7d7d2020202020200000803f00000040010203';
    const bytes = Uint8Array.from(python.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    const { tensors, metadata } = readSafetensors(bytes);
    expect(tensors.get('w')).toEqual({ dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) });
    expect(tensors.get('m')).toEqual({ dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) });
    expect(writeSafetensors(tensors, metadata)).toEqual(bytes);
  });

  test('an empty file of no tensors', () => {
    expect(readSafetensors(file('{}')).tensors.size).toBe(0);
  });
});

describe('refused, naming the culprit', () => {
  const two = (first: string, second: string) => `{"a":${first},"b":${second}}`;
  test.each<[string, Uint8Array, RegExp]>([
    ['empty file', zeros(0), /0 bytes/],
    ['seven bytes', zeros(7), /7 bytes/],
    ['length beyond the file', file('{}', [], 3n), /cut short/],
    ['length of 2^63', file('{}', [], 2n ** 63n), /at most/],
    ['length of 2^64 − 1', file('{}', [], 2n ** 64n - 1n), /at most/],
    ['length 0', file('', [], 0n), /begin with/],
    ['header over the cap', file('{}', [], 16n * 2n ** 20n + 1n), /at most/],
    ['leading space', file(' {}'), /begin with/],
    ['byte order mark', file('\ufeff{}'), /begin with/],
    ['header an array', file('[]'), /begin with/],
    ['bad UTF-8', file('{}').map((byte, i) => (i === 9 ? 0xff : byte)), /UTF-8/],
    ['broken JSON', file('{"a":'), /not JSON/],
    ['text after the object', file('{} x'), /not JSON/],
    ['deep nesting', file(`{"a":${'['.repeat(200_000)}`), /not JSON/],
    ['zero padding', file('{}\0\0'), /not JSON/],
    ['duplicate tensor', file(`{"a":${tensor(0, 4)},"a":${tensor(0, 4)}}`, zeros(4)), /"a".*twice/],
    [
      'duplicate by escape',
      file(`{"a":${tensor(0, 4)},"\\u0061":${tensor(0, 4)}}`, zeros(4)),
      /twice/,
    ],
    ['duplicate metadata', file('{"__metadata__":{"k":"1","k":"2"}}'), /"k".*twice/],
    [
      'duplicate field',
      file('{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}'),
      /twice/,
    ],
    ['metadata a string', file('{"__metadata__":"x"}'), /__metadata__/],
    ['metadata null', file('{"__metadata__":null}'), /__metadata__/],
    ['metadata number', file('{"__metadata__":{"step":4}}'), /__metadata__ "step"/],
    ['entry null', file('{"a":null}'), /"a"/],
    ['entry array', file('{"a":[]}'), /"a"/],
    ['prototype as an entry', file('{"__proto__":{"x":1}}'), /"__proto__"/],
    [
      'prototype inside an entry',
      file('{"a":{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}}', zeros(4)),
      /"__proto__"/,
    ],
    [
      'unknown field',
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}', zeros(4)),
      /"x"/,
    ],
    ['unknown dtype', file(`{"a":${tensor(0, 4, [1], 'F64')}}`, zeros(4)), /"F64".*F32/],
    ['inherited dtype', file(`{"a":${tensor(0, 4, [1], 'toString')}}`, zeros(4)), /"toString"/],
    [
      'missing dtype',
      file('{"a":{"shape":[],"data_offsets":[0,4]}}', zeros(4)),
      /"a", dtype missing/,
    ],
    ['missing shape', file('{"a":{"dtype":"F32","data_offsets":[0,4]}}', zeros(4)), /"a", shape/],
    ['shape a number', file(`{"a":${tensor(0, 4, 1)}}`, zeros(4)), /"a", shape/],
    ['negative extent', file(`{"a":${tensor(0, 4, [-1])}}`, zeros(4)), /"a", shape/],
    ['fractional extent', file(`{"a":${tensor(0, 4, [1.5])}}`, zeros(4)), /"a", shape/],
    ['extent a string', file(`{"a":${tensor(0, 4, ['1'])}}`, zeros(4)), /"a", shape/],
    ['extent beyond 2^53', file(`{"a":${tensor(0, 4, [2 ** 53])}}`, zeros(4)), /"a", shape/],
    ['product overflow', file(`{"a":${tensor(0, 4, [2 ** 30, 2 ** 30])}}`, zeros(4)), /overflow/],
    ['overflow hidden by a zero', file(`{"a":${tensor(0, 0, [2 ** 50, 2 ** 50, 0])}}`), /overflow/],
    ['offsets missing', file('{"a":{"dtype":"F32","shape":[]}}', zeros(4)), /data_offsets/],
    [
      'three offsets',
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}}', zeros(4)),
      /data_offsets/,
    ],
    [
      'negative offset',
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[-4,0]}}', zeros(4)),
      /data_offsets/,
    ],
    ['begin after end', file(`{"a":${tensor(4, 0, [1])}}`, zeros(4)), /after/],
    ['span too short', file(`{"a":${tensor(0, 4, [2])}}`, zeros(4)), /needs 8/],
    ['span too long', file(`{"a":${tensor(0, 8, [1])}}`, zeros(8)), /needs 4/],
    ['data cut short', file(`{"a":${tensor(0, 8)}}`, zeros(7)), /byte 8 of 7/],
    ['overlap', file(two(tensor(0, 8), tensor(4, 12)), zeros(12)), /"b" *: overlaps/],
    ['same bytes twice', file(two(tensor(0, 4), tensor(0, 4)), zeros(4)), /overlaps/],
    ['hole', file(two(tensor(0, 4), tensor(8, 12)), zeros(12)), /"b" *: leaves a hole/],
    ['hole at the start', file(`{"a":${tensor(4, 8)}}`, zeros(8)), /hole/],
    ['trailing bytes', file(`{"a":${tensor(0, 4)}}`, zeros(5)), /first 4/],
    ['data without tensors', file('{}', zeros(1)), /first 0/],
    ['a BOOL of 2', file(`{"a":${tensor(0, 1, [1], 'BOOL')}}`, [2]), /"a".*BOOL/],
  ])('%s', (_, bytes, message) => {
    const error = readError(bytes);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  test('every truncation and every appended byte', () => {
    const good = writeSafetensors(
      new Map<string, Tensor>([
        ['w', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }],
        ['m', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ]),
    );
    for (let length = 0; length < good.length; length++) readError(good.subarray(0, length));
    readError(Uint8Array.from([...good, 0]));
  });

  test('random damage is refused or read, but nothing else is thrown', () => {
    const good = writeSafetensors(
      new Map<string, Tensor>([['w', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]]),
    );
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1 });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = good.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          readSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(BadCheckpoint);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what the writer refuses', () => {
  const data = Float32Array.of(1, 2);
  test.each<[string, string, Tensor, RegExp]>([
    ['the reserved name', '__metadata__', { dtype: 'F32', shape: [2], data }, /reserved/],
    ['half a surrogate pair', '\ud800', { dtype: 'F32', shape: [2], data }, /Unicode/],
    ['a shape too small', 'w', { dtype: 'F32', shape: [1], data }, /does not fit/],
    ['a negative shape', 'w', { dtype: 'F32', shape: [-2], data }, /does not fit/],
    ['the wrong array', 'w', { dtype: 'U32', shape: [2], data }, /Uint32Array/],
    ['a type it does not know', 'w', { dtype: 'F16' as never, shape: [2], data }, /F16/],
    ['a BOOL of 7', 'w', { dtype: 'BOOL', shape: [1], data: Uint8Array.of(7) }, /0 or 1/],
  ])('%s', (_, name, entry, message) => {
    const write = () => writeSafetensors(new Map([[name, entry]]));
    expect(write).toThrow(BadCheckpoint);
    expect(write).toThrow(message);
  });
});

test('duplicate keys are told from equal strings elsewhere', () => {
  expect(findDuplicateKey('{"a":"a","b":["a","a",{"a":1}],"c":{"a":"b"}}')).toBeNull();
  expect(findDuplicateKey('{"a":{"b":[{"c":1,"c":2}]}}')).toBe('c');
  expect(findDuplicateKey('{"x\\"":1,"y":"\\\\","x\\u0022":2}')).toBe('x"');
  expect(findDuplicateKey('{"a" :1,"b":"a:","a"\n:2}')).toBe('a');
});
