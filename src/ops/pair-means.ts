/** Means over the pairs (a, b) mod p that share a + b, a − b, a or b: where a table of sums keeps its Fourier components. */
import pairMeansShader from '../../shaders/pair-means.wgsl';
import { ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape } from '../graph/shape';
import type { Node, Op } from '../graph/types';
import { asRows } from './rows-of';
import { requireFloat } from './unary';

const WORKGROUP = 64;

/** What the pairs of one mean share, in the order of the tables. */
export const PAIR_TABLES = { sum: 0, difference: 1, first: 2, second: 3 } as const;

export interface PairMeansAttributes {
  /** p */
  readonly modulus: number;
  /** Of the result's last axis, at least the columns of x. */
  readonly width: number;
  /** The one column is that of a + b. */
  readonly right: boolean;
}

export const pairMeansOp: Op<PairMeansAttributes> = {
  name: 'pairMeans',
  infer: ([x], { modulus, width, right }) => {
    requireFloat('pairMeans', x);
    const [rows, columns] = x.shape;
    const fits = x.shape.length === 2 && rows === modulus ** 2;
    if (!fits || (right ? columns < modulus : width < columns)) {
      throw new ShapeMismatch(
        `pairMeans: a table ${formatShape(x.shape)} into ${width} columns; ` +
          `give [${modulus ** 2}, at ${right ? `least ${modulus}` : `most ${width}`}] for p = ${modulus}`,
      );
    }
    return { shape: [2, 4, modulus, width], dtype: 'f32' };
  },
  lower: (node, to) => {
    const { modulus: p, width, right } = node.attributes;
    const x = asRows(node.inputs[0], 1, to);
    const result = to.result(node as Node);
    const units = to.copies(node as Node) * 4 * p * Math.ceil(width / 4);
    to.launch(pairMeansShader, {
      label: 'pairMeans',
      bindings: { x: x.block, result: result.block },
      params: {
        p,
        columns: right ? 1 : x.columns,
        width,
        units,
        x: [x.offset, x.replicaStride, x.rowStride, x.columnStride],
        result: [result.offset, result.replicaStride],
      },
      overrides: { WORKGROUP, RIGHT: Number(right) },
      groups: Math.ceil(units / WORKGROUP),
      flops: 16 * units * p,
    });
  },
};

/**
 * x [p², C], row a·p + b → [2, 4, p, width]: means over the p pairs with a + b, a − b, a and b ≡ i (PAIR_TABLES), then mean squared
 * deviations from those means; columns from C on are 0. No gradient. Throws ShapeMismatch.
 */
export function pairMeans(x: Node, modulus: number, width = x.shape[1]): Node {
  return trace(pairMeansOp, [x], { modulus, width, right: false }) as Node;
}

/** The same of one column, x[(a, b), (a + b) mod p]: [2, 4, p, 1]. */
export function pairMeansOfSum(x: Node, modulus: number): Node {
  return trace(pairMeansOp, [x], { modulus, width: 1, right: true }) as Node;
}
