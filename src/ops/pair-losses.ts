/**
 * Cross-entropies over pairs (a, b) mod p, labelled a + b, of many sets of logits that are sums of functions of a + b, a − b, a and b.
 * Their rows are never held: Q sets over N pairs take Q·N numbers, not Q·N·C.
 */
import pairFactorsShader from '../../shaders/pair-factors.wgsl';
import pairLossesShader from '../../shaders/pair-losses.wgsl';
import { BadConfig, ShapeMismatch } from '../gpu/errors';
import { trace } from '../graph/node';
import { formatShape, sameShape, sizeOf } from '../graph/shape';
import type { Lowering, Node, Op, Type } from '../graph/types';
import type { Block } from '../plan/types';
import { asRows, type Rows } from './rows-of';
import { requireFloat } from './unary';

const WORKGROUP = 64;
/** Sets of logits to an invocation, which read one row of the base. */
const QUERIES = 4;

export interface PairLossesAttributes {
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
  /** [p², C] of all pairs: the tables are taken out of these logits. */
  readonly base?: Node;
  /** Not with `rows`: every so many of the p² pairs, from the first on. With p, the pairs (s, 0): all there is of tables of a + b alone. */
  readonly step?: number;
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
    if (base && !sameShape(base.shape, [p * p, classes])) {
      throw new ShapeMismatch(
        `pairLosses: base ${formatShape(base.shape)}; give ${formatShape([p * p, classes])}`,
      );
    }
    return { shape: [queries, pairs], dtype: 'f32' };
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
    const blocks = Math.ceil(queries / QUERIES);
    const units = to.copies(node as Node) * blocks * pairs;
    const parts = {
      tables: factorise(to, {
        source: { ...tables, rowStride: width, columnStride: 1 },
        rows: queries * count * p,
        classes,
        width,
        copies: to.copies(inputs.tables),
        taken: base !== null,
        picked: 1,
      }),
      base:
        base &&
        factorise(to, {
          source: base,
          rows: pairs,
          classes,
          width,
          copies: Math.max(to.copies(inputs.base!), inputs.rows ? to.copies(inputs.rows) : 1),
          taken: false,
          picked: rows ? { ...rows, last: p * p - 1 } : step,
        }),
    };
    if (tables.offset % 4 !== 0 || tables.replicaStride % 4 !== 0)
      throw new Error('pairLosses: tables do not begin at a group of four');
    to.launch(pairLossesShader, {
      label: `pairLosses ${queries}×${pairs}×${classes}`,
      bindings: {
        tables: tables.block,
        // Something has to be bound; it is not read.
        rows: rows ? rows.block : tables.block,
        base: base ? base.block : tables.block,
        factors: parts.tables.block,
        base_factors: (parts.base ?? parts.tables).block,
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
        factors: [parts.tables.replicaStride / 4, (parts.base?.replicaStride ?? 0) / 4],
      },
      overrides: {
        WORKGROUP,
        TABLES: count,
        BASE: Number(base !== null),
        ROWS: Number(rows !== null),
      },
      groups: Math.ceil(units / WORKGROUP),
      flops: units * classes * QUERIES * (count + 1),
    });
  },
};

interface Factorised {
  readonly block: Block;
  /** 0 where replicas share them. */
  readonly replicaStride: number;
}

interface ToFactorise {
  readonly source: Pick<Rows, 'block' | 'offset' | 'replicaStride' | 'rowStride' | 'columnStride'>;
  readonly rows: number;
  readonly classes: number;
  /** Of a row of factors. */
  readonly width: number;
  readonly copies: number;
  /** Are these logits taken out of others? */
  readonly taken: boolean;
  /** Which rows: a list of them, or every so many. */
  readonly picked:
    | number
    | {
        readonly block: Block;
        readonly offset: number;
        readonly replicaStride: number;
        readonly last: number;
      };
}

/** Exponentials of rows, once for each: sums of logits over tables are products of these. */
function factorise(to: Lowering, options: ToFactorise): Factorised {
  const { source, rows, classes, width, copies, taken, picked } = options;
  const { block, offset, replicaStride, rowStride, columnStride } = source;
  const units = copies * rows;
  const factors = to.transient('pair factors', units * width);
  const listed = typeof picked === 'object';
  to.launch(pairFactorsShader, {
    label: `pairLosses factors ${rows}×${classes}`,
    // Something has to be bound; it is not read.
    bindings: { source: block, picked: listed ? picked.block : block, factors },
    params: {
      rows,
      classes,
      fours: width / 4,
      units,
      source: [offset, replicaStride, rowStride, columnStride],
      picked: listed ? [picked.offset, picked.replicaStride, picked.last, 0] : [0, 0, picked, 0],
    },
    overrides: { WORKGROUP, TAKEN: Number(taken), PICKED: Number(listed) },
    groups: Math.ceil(units / WORKGROUP),
    flops: units * classes * 20,
  });
  return { block: factors, replicaStride: copies > 1 ? rows * width : 0 };
}

/**
 * tables [Q, T, p, width] → losses [Q, N], in nats: of Σ_t tables[q, t, x_t], or of `base` less that, where x_t are a + b, a − b, a and b
 * (mod p) for T = 1, 2 (sum and difference) or 4. Columns from `classes` on are not read. A row number of p² or more throws
 * BadConfig in the reference and counts as the last on a device. No gradient. Throws ShapeMismatch.
 */
export function pairLosses(tables: Node, options: PairLossesOptions): Node {
  const { classes, rows, base, step = 1 } = options;
  if (options.step !== undefined && rows)
    throw new BadConfig('step', 'pairLosses: give rows or a step, not both');
  const inputs = [tables, ...(rows ? [rows] : []), ...(base ? [base] : [])];
  return trace(pairLossesOp, inputs, {
    classes,
    rows: rows !== undefined,
    base: base !== undefined,
    step,
  }) as Node;
}
