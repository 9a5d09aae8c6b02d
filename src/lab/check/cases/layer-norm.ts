import { layerNorm } from '../../../ops/layer-norm';
import { slice, transpose } from '../../../ops/view';
import { relative } from '../bounds';
import type { Case, Draw } from '../types';

const length = (draw: Draw): number =>
  draw.pick([2, 3, 4, 5, 8, 15, 16, 17, 48, 64, 65, 127, 128, 131]);

export const layerNormCases: readonly Case[] = [
  {
    op: 'layerNorm',
    name: 'rows of any length',
    build(_, draw) {
      const columns = length(draw);
      const x = draw.leaf('x', [draw.integer(1, 6), draw.integer(1, 9), columns]);
      const gain = draw.leaf('gain', [columns], { map: (deviate) => 1 + 0.3 * deviate });
      const bias = draw.leaf('bias', [columns]);
      return {
        output: layerNorm(x, gain, bias, 1e-5),
        bound: relative(1e-5, 1e-5),
        gradients: ['x', 'gain', 'bias'],
        gradientBound: 5e-5,
      };
    },
  },
  {
    op: 'layerNorm',
    name: 'shared rows at an odd offset, a gain per replica',
    build(_, draw) {
      const x = draw.leaf('x', [9, 13], { replicated: false });
      const gain = draw.leaf('gain', [13]);
      const bias = draw.leaf('bias', [13], { replicated: false });
      return {
        output: layerNorm(slice(x, [1], [8]), gain, bias, 1e-5),
        bound: relative(1e-5, 1e-5),
        gradients: ['gain'],
      };
    },
  },
  {
    op: 'layerNorm',
    name: 'columns, shared gain and bias',
    build(_, draw) {
      const x = draw.leaf('x', [20, 33]);
      const gain = draw.leaf('gain', [20], { replicated: false });
      const bias = draw.leaf('bias', [20], { replicated: false });
      return {
        output: layerNorm(transpose(x), gain, bias, 1e-3),
        bound: relative(1e-5, 1e-5),
        gradients: ['x'],
        gradientBound: 5e-5,
      };
    },
  },
  {
    op: 'layerNorm',
    name: 'a mean of 100',
    build(_, draw) {
      const x = draw.leaf('x', [300, 24], { map: (deviate) => 100 + deviate });
      const gain = draw.leaf('gain', [24]);
      const bias = draw.leaf('bias', [24]);
      return {
        output: layerNorm(x, gain, bias, 1e-5),
        bound: relative(1e-4, 1e-4),
        gradients: ['gain', 'bias'],
        gradientBound: 1e-4,
      };
    },
  },
];
