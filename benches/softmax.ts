/** Softmax over rows, and its gradient. */
import { relative } from '../src/lab/check/bounds';
import { softmax } from '../src/ops/softmax';
import { softmaxGradientRows, softmaxRows } from './plain-rows';
import type { PlainWork } from './kernel';
import { rowsBenches } from './rows';

export const benches = rowsBenches({
  topic: 'softmax',
  what: 'softmax',
  sizes: [
    { rows: 1024, columns: 64, weight: 'light' },
    { rows: 3830, columns: 113 },
    { rows: 65_536, columns: 128, weight: 'heavy' },
  ],
  caseOf: ({ rows, columns }) => ({
    op: 'softmax',
    name: `${rows} × ${columns}`,
    build(_, draw) {
      const x = draw.leaf('x', [rows, columns]);
      return { output: softmax(x), bound: relative(1e-5, 2 ** -126), gradients: ['x'] };
    },
  }),
  // One in, one out; backward the result and its gradient in, one out.
  countElements: ({ rows, columns }, gradients) => rows * columns * (gradients ? 5 : 2),
  plain({ columns }, values, gradients): PlainWork {
    const x = values['x'] as Float32Array;
    const output = new Float32Array(x.length);
    const forward = (): void => softmaxRows(x, output, columns);
    if (!gradients) return { outputs: { output }, run: forward };
    const w = values['probe weights'] as Float32Array;
    const gradient = new Float32Array(x.length);
    return {
      outputs: { output, 'gradient of x': gradient },
      run() {
        forward();
        softmaxGradientRows(output, w, gradient, columns);
      },
    };
  },
});
