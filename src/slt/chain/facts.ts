/** A target as its kernels read it: a list of words, and what they need of memory beside the chain's planes. */
import { ShapeMismatch } from '../../gpu/errors';
import type { ParameterLayout } from '../../graph/layout';
import type { ChainSpec, ChainTarget } from './types';

export interface Facts {
  readonly words: Uint32Array;
  /** Floats of memory a chain of which `samples` samples are visited together. */
  readonly scratch: number;
  /** Samples visited together; 1 for targets without any. */
  readonly batch: number;
  /** Units of work that a team can do side by side. */
  readonly width: number;
}

/** Throws ShapeMismatch where the layout is not that of the target. */
export function factsOf({ target, layout }: ChainSpec, most: number): Facts {
  switch (target.kind) {
    case 'polynomial': {
      requirePlaces(layout, [target.variables]);
      const words = [target.variables, target.terms.length];
      for (const { coefficient, powers } of target.terms) words.push(bits(coefficient), ...powers);
      return { words: Uint32Array.from(words), ...plain(target.variables) };
    }
    case 'quadratic': {
      const { eigenvalues, gradientNoise } = target;
      requirePlaces(layout, [eigenvalues.length]);
      const words = [eigenvalues.length, bits(gradientNoise), ...eigenvalues.map(bits)];
      while (words.length % 4 !== 2) words.push(0);
      return { words: Uint32Array.from(words), ...plain(Math.ceil(eigenvalues.length / 4)) };
    }
    default:
      throw new Error(`no kernel for a ${target.kind} of ${most}`);
  }
}

const plain = (width: number) => ({ scratch: 0, batch: 1, width });

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** The 32 bits of a number as float32. */
function bits(value: number): number {
  floats[0] = value;
  return words[0];
}

function requirePlaces({ places }: ParameterLayout, sizes: readonly number[]): void {
  const found = places.map(({ size }) => size);
  if (found.length === sizes.length && sizes.every((size, k) => size === found[k])) return;
  throw new ShapeMismatch(
    `target: tensors of ${sizes.join(', ')} elements; the layout has ${found.join(', ')}`,
  );
}

export type TargetKind = ChainTarget['kind'];
