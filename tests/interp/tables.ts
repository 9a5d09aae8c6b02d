/** Subjects from plain tables, every one a leaf, and tables at random. */
import { createGraph } from '../../src/graph/node';
import type { Values } from '../../src/graph/program';
import type { Graph, Node } from '../../src/graph/types';
import type { PlainSubject } from '../../src/interp/reference';
import { traceMeasures } from '../../src/interp/trace';
import type {
  MeasureOptions,
  Measures,
  MeasureValues,
  PairSet,
  Subject,
} from '../../src/interp/types';
import { data } from '../../src/ops/source';
import { table } from '../../src/ops/table';
import { createRandom } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { evaluateMeasures } from './compare';

export interface Sets {
  readonly nodes: { readonly train: PairSet; readonly test: PairSet };
  readonly data: Readonly<Record<string, Values>>;
}

/** Rows a·p + b and labels a + b as leaves of the graph. */
export function declareSets(
  graph: Graph,
  p: number,
  sets: { readonly train: ArrayLike<number>; readonly test: ArrayLike<number> },
): Sets {
  const values: Record<string, Values> = {};
  const leaf = (name: string, content: Uint32Array): Node => {
    values[name] = content;
    return data(graph, name, [content.length], { dtype: 'u32' });
  };
  const declare = (part: 'train' | 'test'): PairSet => {
    const rows = Uint32Array.from(sets[part]);
    const labels = rows.map((row) => (Math.floor(row / p) + (row % p)) % p);
    return { rows: leaf(`${part}.rows`, rows), labels: leaf(`${part}.labels`, labels) };
  };
  return { nodes: { train: declare('train'), test: declare('test') }, data: values };
}

/** Every pair whose a + 2b is a multiple of three for training, the others for the test. */
export function splitPairs(p: number): { readonly train: number[]; readonly test: number[] } {
  const all = Array.from({ length: p * p }, (_, row) => row);
  const trained = (row: number): boolean => (Math.floor(row / p) + 2 * (row % p)) % 3 === 0;
  return { train: all.filter(trained), test: all.filter((row) => !trained(row)) };
}

export interface Traced {
  readonly measures: Measures;
  readonly data: Readonly<Record<string, Values>>;
}

export function traceTables(plain: PlainSubject, options: MeasureOptions): Traced {
  const graph = createGraph();
  const { p, classes } = plain;
  const leaf = (name: string, values: ArrayLike<number>, rows: readonly number[]): Node => {
    const before = rows.reduce((size, extent) => size * extent, 1);
    const shape = [...rows, values.length / before];
    return table(graph, name, shape, () => Float64Array.from(values));
  };
  const { nodes, data: sets } = declareSets(graph, p, plain);
  const attention = plain.attention;
  const subject: Subject = {
    p,
    embedding: leaf('embedding', plain.embedding, [p]),
    readout: leaf('readout', plain.readout, [classes]),
    input: plain.input && leaf('input', plain.input, [plain.input.length / p]),
    all: {
      logits: leaf('logits', plain.logits, [p * p]),
      neurons: leaf('neurons', plain.neurons, [p * p]),
      attention: attention && leaf('attention', attention, [attention.length / p ** 2, p]),
    },
    ...nodes,
    parameters: Object.fromEntries(
      Object.entries(plain.parameters).map(([name, values]) => [name, leaf(name, values, [])]),
    ),
    embedded: null,
  };
  return { measures: traceMeasures(graph, subject, options), data: sets };
}

export async function measureTraced(
  plain: PlainSubject,
  options: MeasureOptions = { keys: null, seed: 0 },
): Promise<MeasureValues> {
  const { measures, data: values } = traceTables(plain, options);
  return evaluateMeasures(measures, values);
}

export interface TableSizes {
  readonly p: number;
  readonly classes?: number;
  readonly hidden?: number;
  readonly heads?: number;
}

/** Numbers of a normal distribution for every table, which belong to no network. */
export function randomTables(
  seed: number,
  { p, classes = p, hidden = 5, heads = 0 }: TableSizes,
): PlainSubject {
  const random = createRandom(seed, 0, streams.probe);
  const draw = (size: number, scale = 1): Float64Array =>
    Float64Array.from({ length: size }, () => scale * random.normal());
  return {
    p,
    classes,
    embedding: draw(p * 6),
    readout: draw(classes * hidden),
    input: draw(hidden * p),
    logits: draw(p * p * classes, 2),
    neurons: draw(p * p * hidden),
    attention: heads > 0 ? draw(heads * p * p) : null,
    ...splitPairs(p),
    parameters: { first: draw(7), second: draw(3) },
    gradients: null,
  };
}
