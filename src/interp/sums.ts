/**
 * Logits as functions of s = a + b alone, tables [p, width] by s without their mean: what restricted losses keep and excluded losses
 * take out.
 */
import { multiply } from '../ops/elementwise';
import { concat } from '../ops/concat';
import type { Graph, Node } from '../graph/types';
import { matmul } from '../ops/matmul';
import { PAIR_TABLES } from '../ops/pair-means';
import { constant } from '../ops/source';
import { table } from '../ops/table';
import { fourierBasis } from '../ops/dft/basis';
import { broadcastTo, reshape, slice, transpose } from '../ops/view';
import type { Keys } from './keys';
import { wavesOf, type PairComponents, type Waves } from './waves';

export interface SumTables {
  /** K + 4 tables, [K + 4, p, width]: of each frequency on C_k and S_k, then those of `SUM_TABLES`. */
  readonly all: Node;
  readonly frequencies: number;
}

/** Behind the tables of single frequencies. */
export const SUM_TABLES = [
  /** Σ_key α_k cos(w_k(a + b − c)). */
  'cube',
  /** C_k, S_k of all frequencies. */
  'every',
  /** C_k, S_k of the key ones: of the logits, and of the neurons through W_L. */
  'keys',
  'neurons',
] as const;

interface Sources {
  readonly logits: PairComponents;
  readonly neurons: PairComponents;
  /** W_L with rows of zeros up to the width of the logits, [width, hidden]. */
  readonly readout: Node;
  readonly keys: Keys;
}

export function traceSumTables(
  graph: Graph,
  waves: Waves,
  { logits, neurons, readout, keys }: Sources,
): SumTables {
  const { p, frequencies, back, byFrequency } = waves;
  const { width } = logits;
  const pairs = (x: Node): Node => reshape(x, [frequencies, 2, width]);
  const scaled = (x: Node, factors: Node): Node =>
    matmul(
      back,
      reshape(multiply(pairs(x), reshape(factors, [frequencies, 1, 1])), [2 * frequencies, width]),
    );
  const single = matmul(byFrequency, pairs(wavesOf(logits, PAIR_TABLES.sum)));
  const ones = broadcastTo(constant(graph, 1), [1, frequencies]);
  const chosen = concat([ones, reshape(keys.on, [1, frequencies])], 0);
  const summed = matmul(chosen, reshape(single, [frequencies, p * width]));
  // As in keys.ts: cos(w(s − c)) = p/2·Σ F_j(s)·F_j(c).
  const cube = scaled(tableOfAnswers(graph, waves, width), multiply(keys.on, keys.weights));
  const through = matmul(wavesOf(neurons, PAIR_TABLES.sum), transpose(readout));
  const parts = [
    single,
    reshape(cube, [1, p, width]),
    reshape(summed, [2, p, width]),
    reshape(scaled(through, keys.on), [1, p, width]),
  ];
  return { all: concat(parts, 0), frequencies };
}

/** One of the last four tables, [p, width]. */
export function sumTable({ all, frequencies }: SumTables, name: (typeof SUM_TABLES)[number]): Node {
  const at = frequencies + SUM_TABLES.indexOf(name);
  const [, p, width] = all.shape;
  return reshape(slice(all, [at], [at + 1]), [p, width]);
}

/** p/2·F_j(c) for the rows 1 … 2K, [2K, width], 0 for classes that are no answers. */
function tableOfAnswers(graph: Graph, { p, frequencies }: Waves, width: number): Node {
  return table(graph, `cubes ${p} ${width}`, [2 * frequencies, width], () => {
    const basis = fourierBasis(p);
    const values = new Float64Array(2 * frequencies * width);
    for (let j = 0; j < 2 * frequencies; j++)
      for (let c = 0; c < p; c++) values[j * width + c] = (p / 2) * basis[(j + 1) * p + c];
    return values;
  });
}
