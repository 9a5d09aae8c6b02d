/** A target as its kernels read it: a list of words, and what they need of memory beside the chain's planes. */
import { ShapeMismatch } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { layerPlaces, samplesOf } from './targets/network';
import type { ChipTarget } from './types';

export interface Facts {
  readonly words: Uint32Array;
  /** Floats of memory a chain takes for its target. */
  readonly scratch: number;
  /** Units of work that a team can do side by side. */
  readonly width: number;
  /** Multiplications and additions of a gradient, roughly. */
  readonly flops: number;
  /** The target's own. */
  readonly overrides: Readonly<Record<string, number>>;
}

/** A target and where its parameters lie. */
export interface OnLayout {
  readonly target: ChipTarget;
  readonly layout: ParameterLayout;
}

export type TargetKind = ChipTarget['kind'];

const ACTIVATIONS = { linear: 0, relu: 1, tanh: 2 } as const;

/** With at most `batch` samples visited together. Throws ShapeMismatch where the layout is not that of the target. */
export function factsOf({ target, layout }: OnLayout, batch: number): Facts {
  switch (target.kind) {
    case 'polynomial': {
      const { variables, terms } = target;
      requirePlaces(layout, [variables]);
      const words = [variables, terms.length];
      for (const { coefficient, powers } of terms) words.push(bits(coefficient), ...powers);
      return plain(words, variables, 8 * terms.length * variables ** 2);
    }
    case 'quadratic': {
      const { eigenvalues, gradientNoise } = target;
      requirePlaces(layout, [eigenvalues.length]);
      const words = [eigenvalues.length, bits(gradientNoise), ...eigenvalues.map(bits)];
      while (words.length % 4 !== 2) words.push(0);
      return plain(words, Math.ceil(eigenvalues.length / 4), 4 * eigenvalues.length);
    }
    case 'superposition': {
      const { features } = target;
      requirePlaces(layout, [2 * features, features]);
      return plain([features, layout.places[1].offset], features, 60 * features ** 2);
    }
    case 'linear-network':
    case 'network':
      return networkFacts(target, layout, batch);
  }
}

function plain(words: readonly number[], width: number, flops: number): Facts {
  return { words: Uint32Array.from(words), scratch: 0, width, flops, overrides: {} };
}

function networkFacts(
  target: Extract<ChipTarget, { kind: 'network' | 'linear-network' }>,
  layout: ParameterLayout,
  most: number,
): Facts {
  const samples = samplesOf(target);
  const { widths, count, inputs, targets, weights, biases, activation } = samples;
  const layers = layerPlaces(samples);
  requirePlaces(
    layout,
    layers.flatMap(({ fanIn, fanOut }) => (biases ? [fanIn * fanOut, fanOut] : [fanIn * fanOut])),
  );
  const ends = [widths[0], widths[widths.length - 1]];
  requireLength('inputs', inputs?.length ?? count * ends[0], count * ends[0]);
  requireLength('targets', targets.length, count * ends[1]);
  const batch = Math.min(most, count);
  const header = 5 + 5 * layers.length;
  const parts = [inputs ?? [], targets, weights ?? []];
  const starts = [header, header + parts[0].length, header + parts[0].length + targets.length];
  const words = new Uint32Array(starts[2] + parts[2].length);
  words.set([layers.length, count, ...starts]);
  let row = 0;
  layers.forEach(({ fanIn, fanOut, weights: at, biases: offset }, l) => {
    words.set([fanIn, fanOut, at, offset, row], 5 + 5 * l);
    row += fanOut;
  });
  parts.forEach((values, k) => words.set(Array.from(values, bits), starts[k]));
  const connections = layers.reduce((sum, { fanIn, fanOut }) => sum + fanIn * fanOut, 0);
  return {
    words,
    scratch: row * batch,
    width: batch * Math.max(...widths.slice(1)),
    flops: 6 * connections * count,
    overrides: {
      BATCH: batch,
      ACTIVATION: ACTIVATIONS[activation],
      BIASES: biases ? 1 : 0,
      BASIS: inputs ? 0 : 1,
    },
  };
}

const floats = new Float32Array(1);
const patterns = new Uint32Array(floats.buffer);

/** The 32 bits of a number as float32. */
function bits(value: number): number {
  floats[0] = value;
  return patterns[0];
}

function requirePlaces({ places }: ParameterLayout, sizes: readonly number[]): void {
  const found = places.map(({ size }) => size);
  if (found.length === sizes.length && sizes.every((size, k) => size === found[k])) return;
  throw new ShapeMismatch(
    `target: tensors of ${sizes.join(', ')} elements; the layout has ${found.join(', ')}`,
  );
}

function requireLength(name: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new ShapeMismatch(`target.${name}: ${found} values, must be ${expected}`);
}
