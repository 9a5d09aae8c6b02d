import type { Node, PassPart } from '../../../graph/types';
import { correct, crossEntropy, crossEntropyGradient } from '../../../ops/cross-entropy';
import { crossEntropyPass } from '../../../ops/cross-entropy-pass';
import { matmul } from '../../../ops/matmul';
import { constant } from '../../../ops/source';
import { slice, transpose } from '../../../ops/view';
import { exact, ofLargest, relative } from '../bounds';
import { listCases, type Case, type Draw } from '../types';

const classes = (draw: Draw): number =>
  draw.pick([2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 53, 64, 65, 113, 114, 127, 129]);

/** Margins are rounded differences: 4e-6 where they are 64 to 128. */
const bound = relative(1e-5, 2 ** -126);

/** Logits of rows that all have label 0, whose logit leads by about `lead`. */
function led(draw: Draw, rows: number, columns: number, lead: number): readonly [Node, Node] {
  let element = 0;
  const map = (deviate: number): number =>
    element++ % columns === 0 ? lead + 0.5 * deviate : deviate;
  return [draw.leaf('logits', [rows, columns], { map }), draw.indices('labels', [rows], 1)];
}

export const crossEntropyCases: readonly Case[] = listCases(() => [
  {
    op: 'crossEntropy',
    name: 'any classes',
    build(_, draw) {
      const [rows, columns] = [draw.integer(1, 70), classes(draw)];
      const logits = draw.leaf('logits', [rows, columns]);
      const labels = draw.indices('labels', [rows], columns, { replicated: false });
      return { output: crossEntropy(logits, labels), bound, gradients: ['logits'] };
    },
  },
  {
    op: 'crossEntropy',
    name: 'two axes of rows, shared logits, a label per replica',
    build(_, draw) {
      const logits = draw.leaf('logits', [3, 5, 11], { replicated: false });
      const labels = draw.indices('labels', [3, 5], 11);
      return { output: crossEntropy(logits, labels), bound };
    },
  },
  {
    op: 'crossEntropy',
    name: 'a slice of transposed logits',
    build(_, draw) {
      const logits = draw.leaf('logits', [9, 4, 6]);
      const labels = draw.indices('labels', [4, 7], 4);
      const part = slice(transpose(logits), [2, 1], [8, 5]);
      return {
        output: crossEntropy(part, slice(transpose(labels), [1], [7])),
        bound,
        gradients: ['logits'],
      };
    },
  },
  ...[10, 18, 25, 70].map((lead): Case => ({
    op: 'crossEntropy',
    name: `the label leads by ${lead}`,
    build(_, draw) {
      const [logits, labels] = led(draw, 37, classes(draw), lead);
      return { output: crossEntropy(logits, labels), bound, gradients: ['logits'] };
    },
  })),
  ...[80, 1e4].map((scale): Case => ({
    op: 'crossEntropy',
    name: `logits of ±${scale}`,
    build(_, draw) {
      const columns = classes(draw);
      const logits = draw.leaf('logits', [29, columns], { scale });
      const labels = draw.indices('labels', [29], columns);
      return { output: crossEntropy(logits, labels), bound, gradients: ['logits'] };
    },
  })),
  {
    op: 'crossEntropy',
    name: '20,011 classes',
    build(_, draw) {
      const logits = draw.leaf('logits', [3, 20_011], { replicated: false });
      const labels = draw.indices('labels', [3], 20_011, { replicated: false });
      return { output: crossEntropy(logits, labels), bound };
    },
  },
  ...[2, 18, 69].map((lead): Case => ({
    op: 'crossEntropyGradient',
    name: `every element, the label leads by ${lead}`,
    build(_, draw) {
      const [logits, labels] = led(draw, 19, classes(draw), lead);
      const gradient = draw.leaf('gradient', [19], { replicated: false });
      return {
        output: crossEntropyGradient(logits, labels, gradient),
        bound,
        gradients: ['logits', 'gradient'],
      };
    },
  })),
  {
    op: 'crossEntropyGradient',
    name: 'every element, a wrong class leads',
    build(_, draw) {
      const columns = classes(draw);
      const logits = draw.leaf('logits', [23, columns], { scale: 10 });
      const labels = draw.indices('labels', [23], columns);
      const gradient = draw.leaf('gradient', [23]);
      return {
        output: crossEntropyGradient(logits, labels, gradient),
        bound,
        gradients: ['logits', 'gradient'],
      };
    },
  },
  ...(['loss', 'correct', 'scores', 'gradient'] as const).map((part: PassPart): Case => ({
    op: 'crossEntropyPass',
    name: `${part}`,
    build(graph, draw) {
      const [rows, columns] = [draw.integer(1, 70), classes(draw)];
      const logits = draw.leaf('logits', [rows, columns], { scale: 3 });
      const labels = draw.indices('labels', [rows], columns, { replicated: false });
      const share = constant(graph, 1 / rows);
      const pass = crossEntropyPass(logits, labels, { loss: true, correct: true, share });
      return { output: pass(part), bound };
    },
  })),
  {
    op: 'crossEntropyPass',
    name: 'between products: rows are padded',
    build(graph, draw) {
      const [rows, width, columns] = [draw.integer(2, 40), draw.pick([4, 12, 7]), classes(draw)];
      const x = draw.leaf('x', [rows, width]);
      const w = draw.leaf('w', [width, columns]);
      const labels = draw.indices('labels', [rows], columns);
      const share = constant(graph, 1);
      const logits = matmul(x, w);
      const pass = crossEntropyPass(logits, labels, { loss: true, correct: true, share });
      return { output: matmul(transpose(x), pass('gradient')), bound: ofLargest(1e-4) };
    },
  },
  {
    op: 'correct',
    name: 'with ties',
    build(_, draw) {
      const columns = classes(draw);
      const map = (deviate: number): number => Math.round(2 * deviate);
      const logits = draw.leaf('logits', [67, columns], { map });
      const labels = draw.indices('labels', [67], columns, { replicated: false });
      return { output: correct(logits, labels), bound: exact };
    },
  },
  {
    op: 'correct',
    name: 'the label leads',
    build(_, draw) {
      const [logits, labels] = led(draw, 65, classes(draw), 2);
      return { output: correct(logits, labels), bound: exact };
    },
  },
]);
