/** The progress measures of a modular-addition run: what its network is to them, and when they are made. */
import { BadConfig } from '../../gpu/errors';
import type { Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import { traceMeasures } from '../../interp/trace';
import type { MeasureOptions, Measures, PairSet, Subject } from '../../interp/types';
import type { ModularData } from '../../data/modular';
import type { Network } from '../../nn/types';
import { concat } from '../../ops/concat';
import { matmul } from '../../ops/matmul';
import { data } from '../../ops/source';
import { broadcastTo, reshape, slice, transpose } from '../../ops/view';
import { endsInEquals } from './modular-parts';
import type { ModularConfig } from './modular-schema';
import type { ModularTable } from './modular-table';

export interface TracedNetwork {
  readonly network: Network;
  readonly table: ModularTable | null;
  /** Of every replica, all of one size. */
  readonly splits: readonly ModularData[];
  /** u32 [N], (a + b) mod p, as the run holds them already. */
  readonly labels: { readonly train: Node; readonly test: Node };
}

export interface BuiltMeasures {
  readonly measures: Measures;
  readonly data: Readonly<Record<string, Values>>;
}

/** Throws BadConfig naming what of the configuration the measures do not know how to read. */
export function buildMeasures(
  graph: Graph,
  config: ModularConfig,
  traced: TracedNetwork,
  options: MeasureOptions,
): BuiltMeasures {
  checkMeasurable(config, traced.table, options);
  const { network, table, splits, labels } = traced;
  const p = config.data.modulus;
  const sets = {
    train: declareRows(graph, 'train', splits, p),
    test: declareRows(graph, 'test', splits, p),
  };
  const subject: Subject = {
    p,
    ...weightsOf(network.parameters, config),
    all: { logits: table!.logits, neurons: table!.neurons!, attention: table!.attention },
    train: { rows: sets.train.rows, labels: labels.train } satisfies PairSet,
    test: { rows: sets.test.rows, labels: labels.test } satisfies PairSet,
    parameters: network.parameters,
    embedded: embeddedOf(network, config),
  };
  return {
    measures: traceMeasures(graph, subject, options),
    data: { ...sets.train.values, ...sets.test.values },
  };
}

/** What the Fourier picture is about: addition modulo an odd p, read out linearly from one hidden layer. */
function checkMeasurable(
  config: ModularConfig,
  table: ModularTable | null,
  { keys }: MeasureOptions,
): void {
  const { modulus: p, operation } = config.data;
  const refuse = (path: string, asked: string, limit: string, remedy: string): never => {
    throw new BadConfig(path, { asked, limit, remedy });
  };
  const off = 'or leave the measures out (measures=null)';
  if (operation !== 'add')
    refuse(
      'data.operation',
      `got ${operation}`,
      'progress measures know addition alone',
      `Set it to add, ${off}`,
    );
  if (p % 2 === 0 || p < 5)
    refuse(
      'data.modulus',
      `got ${p}`,
      'progress measures need an odd modulus of at least 5',
      `Choose one, ${off}`,
    );
  if (config.network.layerNorm)
    refuse(
      'network.layerNorm',
      'got true',
      'progress measures take the read-out of the neurons as linear',
      `Set it to false, ${off}`,
    );
  if (config.network.hidden === 0)
    refuse(
      'network.hidden',
      'got 0',
      'progress measures are about hidden units',
      `Give some, ${off}`,
    );
  if (table === null)
    refuse(
      'replicas',
      `got ${config.replicas}`,
      'the tables of all p² inputs would take more than 1 GiB',
      `Take fewer, ${off}`,
    );
  const highest = (p - 1) / 2;
  const wrong = (keys ?? []).find((key) => key > highest);
  if (wrong !== undefined)
    refuse(
      'measures.keys',
      `got ${wrong}`,
      `frequencies of p = ${p} are 1 to ${highest}`,
      'Choose among them',
    );
}

interface DeclaredRows {
  /** u32 [N], a·p + b. */
  readonly rows: Node;
  readonly values: Readonly<Record<string, Values>>;
}

function declareRows(
  graph: Graph,
  part: 'train' | 'test',
  splits: readonly ModularData[],
  p: number,
): DeclaredRows {
  const samples = splits[0][part].labels.length;
  const values = new Uint32Array(splits.length * samples);
  splits.forEach((split, replica) => {
    const { inputs } = split[part];
    for (let row = 0; row < samples; row++)
      values[replica * samples + row] = inputs[2 * row] * p + inputs[2 * row + 1];
  });
  const name = `${part}.rows`;
  const options = { dtype: 'u32', replicated: splits.length > 1 } as const;
  return { rows: data(graph, name, [samples], options), values: { [name]: values } };
}

/** Embedding of the operands, W_L = W_U·W_out and, without attention, W_in·E. */
function weightsOf(
  parameters: Readonly<Record<string, Node>>,
  { data: { modulus: p }, network }: ModularConfig,
): Pick<Subject, 'embedding' | 'readout' | 'input'> {
  const embed = parameters['embed.weight'] as Node | undefined;
  if (network.kind === 'transformer') {
    const operands = firstRows(embed!, p);
    const classes = network.equalsClass ? p + 1 : p;
    const unembedding = parameters['unembed.weight'] ?? firstRows(embed!, classes);
    const out = parameters[`blocks.${network.layers - 1}.mlp.out.weight`];
    return { embedding: operands, readout: matmul(unembedding, out), input: null };
  }
  // With separate projections the first operand's stands for both.
  const into = parameters['mlp.in.weight'] ?? parameters['mlp.in.a.weight'];
  const unembedding = parameters['unembed.weight'] ?? embed;
  const out = parameters['mlp.out.weight'] as Node | undefined;
  return {
    embedding: embed ?? transpose(into),
    readout: out ? matmul(unembedding, out) : unembedding,
    input: embed ? matmul(into, transpose(embed)) : into,
  };
}

function firstRows(matrix: Node, count: number): Node {
  const [rows, width] = matrix.shape;
  return rows === count ? matrix : slice(matrix, [0, 0], [count, width]);
}

/** The network from the vectors of its operands, the one of "=" added where it reads that. */
function embeddedOf(network: Network, config: ModularConfig): Subject['embedded'] {
  const { forwardEmbedded } = network;
  if (!forwardEmbedded) return null;
  const equals = endsInEquals(config);
  const p = config.data.modulus;
  return (a, b) => {
    const [samples, width] = a.shape;
    const vectors = [a, b].map((one) => reshape(one, [samples, 1, width]));
    if (equals) {
      const token = slice(network.parameters['embed.weight'], [p, 0], [p + 1, width]);
      vectors.push(broadcastTo(reshape(token, [1, 1, width]), [samples, 1, width]));
    }
    return forwardEmbedded(concat(vectors, 1)).logits;
  };
}
