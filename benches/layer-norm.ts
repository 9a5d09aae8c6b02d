/** Layer norm over rows, and the gradients of rows, gain and bias. */
import { relative } from '../src/lab/check/bounds';
import { layerNorm } from '../src/ops/layer-norm';
import { layerNormGradientRows, layerNormRows } from './plain-rows';
import type { Norm } from './plain-rows';
import type { PlainWork } from './kernel';
import { rowsBenches } from './rows';

const EPSILON = 1e-5;

export const benches = rowsBenches({
  topic: 'layer-norm',
  what: 'layer norm',
  sizes: [
    { rows: 512, columns: 128, weight: 'light' },
    { rows: 3830, columns: 128 },
    { rows: 65_536, columns: 128, weight: 'heavy' },
  ],
  caseOf: ({ rows, columns }) => ({
    op: 'layerNorm',
    name: `${rows} × ${columns}`,
    build(_, draw) {
      const x = draw.leaf('x', [rows, columns]);
      const gain = draw.leaf('gain', [columns], { map: (deviate) => 1 + 0.3 * deviate });
      const bias = draw.leaf('bias', [columns]);
      return {
        output: layerNorm(x, gain, bias, EPSILON),
        bound: relative(1e-5, 1e-5),
        gradients: ['x', 'gain', 'bias'],
        gradientBound: 5e-5,
      };
    },
  }),
  // One in, one out; backward the rows again and the gradient in, one out. Gain and bias are little.
  countElements: ({ rows, columns }, gradients) => rows * columns * (gradients ? 5 : 2),
  plain(_, values, gradients): PlainWork {
    const [x, gain, bias] = ['x', 'gain', 'bias'].map((name) => values[name] as Float32Array);
    const norm: Norm = { x, gain, bias, epsilon: EPSILON };
    const output = new Float32Array(x.length);
    if (!gradients) return { outputs: { output }, run: () => layerNormRows(norm, output) };
    const w = values['probe weights'] as Float32Array;
    const like = (values: Float32Array): Float32Array => new Float32Array(values.length);
    const to = { x: like(x), gain: like(gain), bias: like(bias) };
    return {
      outputs: {
        output,
        'gradient of x': to.x,
        'gradient of gain': to.gain,
        'gradient of bias': to.bias,
      },
      run() {
        layerNormRows(norm, output);
        layerNormGradientRows(norm, w, to);
      },
    };
  },
});
