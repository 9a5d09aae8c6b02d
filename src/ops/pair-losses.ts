/**
 * Cross-entropies over pairs (a, b) mod p, labelled a + b, of many sets of logits that are sums of functions of a + b, a − b, a and b.
 * Their rows are never held: Q sets over N pairs take Q·N numbers, not Q·N·C.
 */
import pairLossesShader from '../../shaders/pair-losses.wgsl';
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, sameShape, sizeOf } from '../graph/shape';
import type { Node, Op, Type } from '../graph/types';
import { asRows } from './rows-of';
import { requireFloat } from './unary';
import { foldGroups } from './walk';

const WORKGROUP = 64;

interface PairLossesAttributes {
  /** C */
  readonly classes: number;
  /** Is there an input of row numbers, and one of logits to take the tables out of? */
  readonly rows: boolean;
  readonly base: boolean;
  /** Without row numbers: the pairs 0, step, 2·step, … below p². */
  readonly step: number;
}

export interface PairLossesOptions {
  readonly classes: number;
  /** u32 [N], a·p + b; all p² pairs in order unless given. */
  readonly rows?: Node;
  /** [N, C]: the tables are taken out of these logits. */
  readonly base?: Node;
  /** Only the p pairs (s, 0): all there is to see where the tables are of a + b alone. Not with `rows`. */
  readonly sums?: boolean;
}

/** Inputs by name. */
function named<T>(inputs: readonly T[], { rows, base }: PairLossesAttributes) {
  return {
    tables: inputs[0],
    rows: rows ? inputs[1] : null,
    base: base ? inputs[rows ? 2 : 1] : null,
  };
}

function countPairs(tables: Type, rows: Type | null, step: number): number {
  return rows ? sizeOf(rows.shape) : Math.ceil(tables.shape[2] ** 2 / step);
}

export const pairLossesOp: Op<PairLossesAttributes> = {
  name: 'pairLosses',
  infer: (inputs, attributes) => {
    const { tables, rows, base } = named(inputs, attributes);
    const { classes, step } = attributes;
    requireFloat('pairLosses', tables);
    const [queries, count, p, width] = tables.shape;
    const fits =
      tables.shape.length === 4 &&
      (count === 1 || count === 2 || count === 4) &&
      width % 4 === 0 &&
      width >= classes &&
      classes >= p;
    if (!fits) {
      throw new ShapeMismatch(
        `pairLosses: tables ${formatShape(tables.shape)} for ${classes} classes; give [Q, 1, 2 or 4, p, width], ` +
          `the width a multiple of 4 and no less than the classes, which are p or more`,
      );
    }
    if (rows && (rows.dtype !== 'u32' || rows.shape.length !== 1)) {
      throw new ShapeMismatch(
        `pairLosses: rows are ${rows.dtype} ${formatShape(rows.shape)}; give u32 [N]`,
      );
    }
    const pairs = countPairs(tables, rows, step);
    if (base) requireFloat('pairLosses', base);
    if (base && !sameShape(base.shape, [pairs, classes])) {
      throw new ShapeMismatch(
        `pairLosses: base ${formatShape(base.shape)}; give ${formatShape([pairs, classes])}`,
      );
    }
    return { shape: [queries, pairs], dtype: 'f32' };
  },
  reference: (inputs, attributes, { shape: [queries, pairs] }) => {
    const { tables, rows, base } = named(inputs, attributes);
    const { classes, step } = attributes;
    const [, count, p, width] = tables.shape;
    const result = new Float64Array(queries * pairs);
    const logits = new Float64Array(classes);
    for (let unit = 0; unit < result.length; unit++) {
      const [query, n] = [Math.floor(unit / pairs), unit % pairs];
      const pair = rows ? rows.data[n] : n * step;
      if (pair >= p * p)
        throw new BadConfig('rows', `pairLosses: row ${pair} of ${p * p}; give 0 … ${p * p - 1}`);
      const [a, b] = [Math.floor(pair / p), pair % p];
      const x = [(a + b) % p, (a - b + p) % p, a, b];
      for (let c = 0; c < classes; c++) {
        let sum = 0;
        for (let t = 0; t < count; t++)
          sum += tables.data[((query * count + t) * p + x[t]) * width + c];
        logits[c] = base ? base.data[n * classes + c] - sum : sum;
      }
      result[unit] = lossOf(logits, x[0]);
    }
    return result;
  },
  lower: (node, to) => {
    const inputs = named(node.inputs, node.attributes);
    const { classes, step } = node.attributes;
    const [queries, count, p, width] = inputs.tables.shape;
    const pairs = node.shape[1];
    const tables = to.dense(inputs.tables);
    const rows = inputs.rows && to.dense(inputs.rows);
    const base = inputs.base && asRows(inputs.base, 1, to);
    const losses = to.result(node as Node);
    const units = to.copies(node as Node) * queries * pairs;
    if (tables.offset % 4 !== 0 || tables.replicaStride % 4 !== 0)
      throw new Error('pairLosses: tables do not begin at a group of four');
    to.launch(pairLossesShader, {
      label: `pairLosses ${queries}×${pairs}×${classes}`,
      bindings: {
        tables: tables.block,
        // Something has to be bound; it is not read.
        rows: rows ? rows.block : tables.block,
        base: base ? base.block : tables.block,
        losses: losses.block,
      },
      params: {
        p,
        classes,
        fours: width / 4,
        count: pairs,
        step,
        units,
        queries,
        tables: [tables.offset / 4, tables.replicaStride / 4],
        rows: rows ? [rows.offset, rows.replicaStride] : [0, 0],
        base: base
          ? [base.offset, base.replicaStride, base.rowStride, base.columnStride]
          : [0, 0, 0, 0],
        losses: [losses.offset, losses.replicaStride],
      },
      overrides: {
        WORKGROUP,
        TABLES: count,
        BASE: Number(base !== null),
        ROWS: Number(rows !== null),
      },
      groups: foldGroups(units, WORKGROUP, to.traits.maxWorkgroupsPerDimension),
      flops: units * classes * (count + 20),
    });
  },
};

/** ln Σ_c exp(z_c − z_y), relatively exact where it is tiny: as `crossEntropy`. */
function lossOf(logits: Float64Array, label: number): number {
  let shift = 0;
  for (const logit of logits) shift = Math.max(shift, logit - logits[label]);
  let wrong = 0;
  logits.forEach((logit, c) => {
    if (c !== label) wrong += Math.exp(logit - logits[label] - shift);
  });
  return shift + Math.log1p(wrong + Math.expm1(-shift));
}

/**
 * tables [Q, T, p, width] → losses [Q, N], in nats: of Σ_t tables[q, t, x_t], or of `base` less that, where x_t are a + b, a − b, a and b
 * (mod p) for T = 1, 2 (sum and difference) or 4. Columns from `classes` on are not read. A row number of p² or more throws
 * BadConfig in the reference and counts as the last on a device. No gradient. Throws ShapeMismatch.
 */
export function pairLosses(tables: Node, options: PairLossesOptions): Node {
  const { classes, rows, base, sums = false } = options;
  if (sums && rows) throw new BadConfig('sums', 'pairLosses: give rows or sums, not both');
  const inputs = [tables, ...(rows ? [rows] : []), ...(base ? [base] : [])];
  return trace(pairLossesOp, inputs, {
    classes,
    rows: rows !== undefined,
    base: base !== undefined,
    step: sums ? tables.shape[2] : 1,
  }) as Node;
}
