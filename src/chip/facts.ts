/** A target as its kernels read it: a list of words, and what they need of memory beside the planes. */
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { layerPlaces, samplesOf } from './targets/network';
import type { ChipTarget, FeaturesTarget } from './types';

export interface Facts {
  /** The list; made when asked for, since sizes are looked at more often. */
  words(): Uint32Array;
  /** Floats of memory a replica takes for its target. */
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
  readonly target: ChipTarget | FeaturesTarget;
  readonly layout: ParameterLayout;
  /** Of a network's samples, those drawn with replacement at each step; all unless given. */
  readonly drawn?: number;
}

export type TargetKind = ChipTarget['kind'];

const ACTIVATIONS = { linear: 0, relu: 1, tanh: 2 } as const;
/** Numbers of samples are floats on the chip. */
const MOST_DRAWN_FROM = 2 ** 24;

/** With at most `batch` samples visited together. Throws ShapeMismatch where the layout is not that of the target. */
export function factsOf({ target, layout, drawn = 0 }: OnLayout, batch: number): Facts {
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
    case 'features':
      return featuresFacts(target, layout, batch);
    case 'linear-network':
    case 'network':
      return networkFacts(target, layout, batch, drawn);
  }
}

function plain(words: readonly number[], width: number, flops: number): Facts {
  return { words: () => Uint32Array.from(words), scratch: 0, width, flops, overrides: {} };
}

/** Samples are visited four, eight … together, so that a batch begins where four random words do. */
function featuresFacts(target: FeaturesTarget, layout: ParameterLayout, most: number): Facts {
  const { features, hidden, samples, density, importance } = target;
  requirePlaces(layout, [hidden * features, features]);
  requireLength('importance', importance.length, features);
  const batch = Math.ceil(Math.max(4, Math.min(most, samples)) / 4) * 4;
  const densities = typeof density === 'number' ? [density] : density;
  const header = [features, hidden, samples, layout.places[1].offset, 8, 8 + densities.length];
  const blocks = Math.ceil((samples * features) / 4);
  const own = typeof density === 'number' ? 0 : 1;
  return {
    words: () =>
      Uint32Array.from([...header, own, blocks, ...[...densities, ...importance].map(bits)]),
    scratch: 2 * (features + hidden) * batch,
    width: batch * features,
    flops: samples * features * (10 * hidden + 60),
    overrides: { BATCH: batch },
  };
}

function networkFacts(
  target: Extract<ChipTarget, { kind: 'network' | 'linear-network' }>,
  layout: ParameterLayout,
  most: number,
  drawn: number,
): Facts {
  const samples = samplesOf(target);
  const { widths, count, inputs, targets, labels, biases, activation, own } = samples;
  const layers = layerPlaces(samples);
  requirePlaces(
    layout,
    layers.flatMap(({ fanIn, fanOut }) => (biases ? [fanIn * fanOut, fanOut] : [fanIn * fanOut])),
  );
  const ends = [widths[0], widths[widths.length - 1]];
  requireLength('inputs', inputs?.length ?? count * ends[0], count * ends[0]);
  if (labels) requireLength('labels', labels.length, count);
  else
    requireLength('targets', targets.length, inputs ? own : Math.ceil(targets.length / own) * own);
  if (drawn > 0 && (!inputs || count >= MOST_DRAWN_FROM)) {
    throw new BadConfig('batch', {
      asked: `got ${drawn}`,
      limit: `rows are drawn from data of less than ${MOST_DRAWN_FROM} samples`,
      remedy: 'Train on the full batch, or on the general path',
    });
  }
  const batch = Math.min(most, drawn || count);
  const rows = layers.reduce((sum, { fanOut }) => sum + fanOut, 0);
  const connections = layers.reduce((sum, { fanIn, fanOut }) => sum + fanIn * fanOut, 0);
  return {
    words: () => networkWords(target, drawn),
    scratch: (rows + (drawn > 0 ? 1 : 0)) * batch,
    width: batch * Math.max(...widths.slice(1)),
    flops: 6 * connections * (drawn || count),
    overrides: {
      BATCH: batch,
      ACTIVATION: ACTIVATIONS[activation],
      BIASES: biases ? 1 : 0,
      BASIS: inputs ? 0 : 1,
      LABELS: labels ? 1 : 0,
      DRAWN: drawn > 0 ? 1 : 0,
    },
  };
}

/** As lib/chip/network.wgsl reads them. */
function networkWords(
  target: Extract<ChipTarget, { kind: 'network' | 'linear-network' }>,
  drawn: number,
): Uint32Array {
  const samples = samplesOf(target);
  const { inputs, targets, labels, weights, count, own } = samples;
  const layers = layerPlaces(samples);
  const parts = [inputs ?? [], labels ?? targets, weights ?? []];
  let end = 7 + 5 * layers.length;
  const starts = parts.map(({ length }) => (end += length) - length);
  const words = new Uint32Array(end);
  const perReplica = targets.length > own ? own : 0;
  words.set([layers.length, count, ...starts, drawn, perReplica]);
  let row = 0;
  layers.forEach(({ fanIn, fanOut, weights: at, biases: offset }, l) => {
    words.set([fanIn, fanOut, at, offset, row], 7 + 5 * l);
    row += fanOut;
  });
  parts.forEach((values, k) => {
    if (values instanceof Uint32Array) words.set(values, starts[k]);
    else for (let i = 0; i < values.length; i++) words[starts[k] + i] = bits(values[i]);
  });
  return words;
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
