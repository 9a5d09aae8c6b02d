import { meanSquaredError } from '../../../ops/loss';
import { transpose } from '../../../ops/view';
import { relative } from '../bounds';
import type { Case } from '../types';

export const lossCases: readonly Case[] = [
  {
    op: 'meanSquaredError',
    name: 'against shared targets',
    build(_, draw) {
      const shape = [draw.integer(1, 40), draw.integer(1, 9)];
      const prediction = draw.leaf('prediction', shape);
      const target = draw.leaf('target', shape, { replicated: false });
      return {
        output: meanSquaredError(prediction, target),
        bound: relative(1e-5),
        gradients: ['prediction', 'target'],
      };
    },
  },
  {
    op: 'meanSquaredError',
    name: 'weights that broadcast, transposed prediction',
    build(_, draw) {
      const prediction = draw.leaf('prediction', [5, 8]);
      const target = draw.leaf('target', [8, 5]);
      const weights = draw.leaf('weights', [5], { map: Math.abs });
      return {
        output: meanSquaredError(transpose(prediction), target, weights),
        bound: relative(1e-5),
        gradients: ['prediction', 'target', 'weights'],
      };
    },
  },
];
