/** Means and losses over the pairs (a, b) mod p. */
import type { Tensor } from '../../../graph/types';
import { pairLosses } from '../../../ops/pair-losses';
import { pairMeans, pairMeansOfSum } from '../../../ops/pair-means';
import { slice, transpose } from '../../../ops/view';
import { listCases, type Built, type Case, type Draw } from '../types';

type Inputs = Readonly<Record<string, Tensor>>;

/**
 * Sums of p differences d from the first value, |d| ≤ the spread of x: a mean is off by (p + 6)·2⁻²⁴·spread and a rounding of
 * itself, a mean square by twice as many roundings of d².
 */
function boundOfMeans(p: number): Built['bound'] {
  return ({ x }: Inputs, output) => {
    const [low, high] = [Math.min(...x.data), Math.max(...x.data)];
    const spread = high - low;
    const mean = 2 ** -23 * Math.max(-low, high) + (p + 6) * 2 ** -24 * spread;
    const half = output.data.length / 2;
    return output.data.map((_, i) =>
      i < half ? mean : 2 * (p + 6) * 2 ** -24 * spread ** 2 + 2 ** -126,
    );
  };
}

/**
 * A margin is off by the rounding of what it is a sum of, of sizes that add up to S, and a loss that is small by as much
 * relative to itself; the rest are the exponentials.
 */
function boundOfLosses({ tables, base }: Inputs, output: Tensor): Float64Array {
  const largest = (x?: Tensor): number =>
    x?.data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) ?? 0;
  const sizes = tables.shape[1] * largest(tables) + largest(base);
  return output.data.map((loss) => (1e-5 + 4 * 2 ** -24 * sizes) * loss + 2 ** -126);
}

interface Row {
  readonly name: string;
  readonly tables: 1 | 2 | 4;
  /** Classes that are no answers. */
  readonly beyond?: number;
  readonly rows?: 'shared' | 'replicated';
  readonly base?: 'dense' | 'transposed';
  readonly everySum?: boolean;
  readonly scale?: number;
  /** By how much the logit of its own sum leads in each table. */
  readonly lead?: number;
}

const rows: readonly Row[] = [
  { name: 'all pairs, functions of a + b', tables: 1 },
  { name: 'of a + b and a − b, a class more', tables: 2, beyond: 1 },
  { name: 'of all four', tables: 4 },
  { name: 'a pair a sum', tables: 1, everySum: true },
  { name: 'rows that all share', tables: 2, rows: 'shared' },
  { name: 'rows of their own', tables: 1, rows: 'replicated', beyond: 2 },
  { name: 'taken out of a base', tables: 1, rows: 'shared', base: 'dense' },
  { name: 'taken out of a transposed base', tables: 4, rows: 'replicated', base: 'transposed' },
  { name: 'the right class leads by 20', tables: 1, lead: 20 },
  { name: 'logits of ±80 in two tables', tables: 2, scale: 80 },
  { name: 'logits of ±10⁴ out of a base', tables: 1, base: 'dense', scale: 1e4 },
];

function buildLosses(
  { tables: count, beyond = 0, rows: listed, base: from, everySum, scale, lead = 0 }: Row,
  draw: Draw,
): Built {
  const p = draw.pick([2, 5, 7, 13]);
  const classes = p + beyond;
  const width = 4 * Math.ceil(classes / 4) + draw.pick([0, 4]);
  const replicated = draw.pick([true, false]);
  let element = 0;
  const map = (deviate: number): number => {
    const [column, row] = [element % width, Math.floor(element / width) % p];
    element++;
    return deviate + (column === row ? lead : 0);
  };
  const tables = draw.leaf('tables', [draw.integer(1, 6), count, p, width], {
    replicated,
    map,
    ...(scale && { scale }),
  });
  const options = { replicated: draw.pick([true, false]), ...(scale && { scale }) };
  const base =
    from === 'transposed'
      ? transpose(draw.leaf('base', [classes, p * p], options))
      : from && draw.leaf('base', [p * p, classes], options);
  const rowsOf = (): { rows: ReturnType<Draw['indices']> } => ({
    rows: draw.indices('rows', [draw.pick([1, 17, 65])], p * p, {
      replicated: listed === 'replicated',
    }),
  });
  const output = pairLosses(tables, {
    classes,
    ...(listed && rowsOf()),
    ...(base && { base }),
    ...(everySum && { step: p }),
  });
  return { output, bound: boundOfLosses };
}

export const pairCases: readonly Case[] = listCases(() => [
  {
    op: 'pairMeans',
    name: 'into more columns',
    build(_, draw) {
      const p = draw.pick([2, 5, 7, 13]);
      const columns = draw.integer(1, 9);
      const x = draw.leaf('x', [p * p, columns], { replicated: draw.pick([true, false]) });
      return { output: pairMeans(x, p, columns + draw.integer(0, 5)), bound: boundOfMeans(p) };
    },
  },
  {
    op: 'pairMeans',
    name: 'transposed, far from 0',
    build(_, draw) {
      const p = draw.pick([3, 11]);
      const map = (deviate: number): number => 1000 + deviate;
      const x = draw.leaf('x', [draw.integer(1, 6), p * p], { map });
      return { output: pairMeans(transpose(x), p), bound: boundOfMeans(p) };
    },
  },
  {
    op: 'pairMeans',
    name: 'of the right class',
    build(_, draw) {
      const p = draw.pick([2, 5, 13]);
      const x = draw.leaf('x', [p * p, p + draw.integer(0, 2)], {
        replicated: draw.pick([true, false]),
      });
      return { output: pairMeansOfSum(x, p), bound: boundOfMeans(p) };
    },
  },
  ...rows.map((row): Case => ({
    op: 'pairLosses',
    name: row.name,
    build: (_, draw) => buildLosses(row, draw),
  })),
  {
    op: 'pairLosses',
    name: 'more than 65,535 workgroups',
    build(_, draw) {
      // An invocation per replica, pair and four sets; checks have three replicas.
      const count = Math.ceil((65_536 * 64) / 6) + 3;
      const tables = draw.leaf('tables', [5, 1, 3, 4]);
      const all = draw.indices('rows', [count], 9, { replicated: false });
      const losses = pairLosses(tables, { classes: 3, rows: all });
      return { output: slice(losses, [4, count - 9], [5, count]), bound: boundOfLosses };
    },
  },
]);
