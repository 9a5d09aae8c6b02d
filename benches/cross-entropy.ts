/** Softmax and cross-entropy in one pass: losses alone, and losses with the gradient of the logits. */
import { relative } from '../src/lab/check/bounds';
import { crossEntropy } from '../src/ops/cross-entropy';
import { crossEntropyRows } from './plain-rows';
import type { PlainWork } from './kernel';
import { rowsBenches } from './rows';

export const benches = rowsBenches({
  topic: 'cross-entropy',
  what: 'losses',
  sizes: [
    { rows: 715, columns: 53, weight: 'light' },
    { rows: 3830, columns: 114 },
    { rows: 65_536, columns: 114, weight: 'heavy' },
  ],
  caseOf: ({ rows, columns }) => ({
    op: 'crossEntropy',
    name: `${rows} × ${columns}`,
    build(_, draw) {
      const logits = draw.leaf('logits', [rows, columns]);
      const labels = draw.indices('labels', [rows], columns);
      const bound = relative(1e-5, 2 ** -126);
      return { output: crossEntropy(logits, labels), bound, gradients: ['logits'] };
    },
  }),
  // Logits, labels and losses; backward the weights of the rows and the gradient.
  countElements: ({ rows, columns }, gradients) =>
    rows * (gradients ? 2 * columns + 3 : columns + 2),
  plain({ rows }, values, gradients): PlainWork {
    const logits = values['logits'] as Float32Array;
    const labels = values['labels'] as Uint32Array;
    const output = new Float32Array(rows);
    if (!gradients)
      return { outputs: { output }, run: () => crossEntropyRows(logits, labels, output, null) };
    const w = values['probe weights'] as Float32Array;
    const gradient = new Float32Array(logits.length);
    return {
      outputs: { output, 'gradient of logits': gradient },
      run: () => crossEntropyRows(logits, labels, output, { w, gradient }),
    };
  },
});
