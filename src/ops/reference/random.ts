/** Random numbers of a step, the twin of shaders/random.wgsl. */
import { sizeOf } from '../../graph/shape';
import type { Reference } from '../../graph/types';
import { normals } from '../../random/normal';
import { multiplyHigh, philox, uniform01 } from '../../random/philox';
import type { RandomAttributes } from '../random';

/** Four values from four words. */
type Fill = (words: Uint32Array, out: Float64Array, attributes: RandomAttributes) => void;

/* @__NO_SIDE_EFFECTS__ */
const drawn =
  (fill: Fill): Reference<RandomAttributes> =>
  (_, attributes, { shape }, { seed, replica, step, first }) => {
    const { stream, firstBlock, shared, held } = attributes;
    const [key0, key1] = shared && first ? first : [seed, replica];
    const counter = held > 0 && step > 0 && step % held === 0 ? step - 1 : step;
    const size = sizeOf(shape);
    const values = new Float64Array(Math.ceil(size / 4) * 4);
    const words = new Uint32Array(4);
    for (let at = 0; at < size; at += 4) {
      philox(key0, key1, counter, firstBlock + at / 4, stream, 0, words);
      fill(words, values.subarray(at, at + 4), attributes);
    }
    return values.slice(0, size);
  };

/* @__NO_SIDE_EFFECTS__ */
const each =
  (f: (word: number, attributes: RandomAttributes) => number): Fill =>
  (words, out, attributes) =>
    words.forEach((word, k) => (out[k] = f(word, attributes)));

export const uniform = /* @__PURE__ */ drawn(/* @__PURE__ */ each(uniform01));

export const normal = /* @__PURE__ */ drawn((words, out) => out.set(normals(words)));

export const bernoulli = /* @__PURE__ */ drawn(
  /* @__PURE__ */ each((word, { probability }) => Number(uniform01(word) < probability)),
);

export const randomIntegers = /* @__PURE__ */ drawn(
  /* @__PURE__ */ each((word, { below }) => multiplyHigh(word, below)),
);
