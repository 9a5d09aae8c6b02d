/** The network of a checkpoint with all that is measured of it, as one graph without a training step. */
import type { ModularData } from '../../data/modular';
import { createGraph } from '../../graph/node';
import { layOutParameters, type ParameterLayout } from '../../graph/layout';
import type { ProgramSpec, Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';
import type { Measures } from '../../interp/types';
import { correct, crossEntropy } from '../../ops/cross-entropy';
import { data } from '../../ops/source';
import { buildMeasures } from './modular-measures';
import { buildNetwork } from './modular-network';
import type { ModularConfig } from './modular-schema';
import { traceTable } from './modular-table';

/** Name of the one evaluation. */
export const MEASURE = 'measure';
/** Cross-entropy and rightness of every pair, [p²]. */
export const LOSSES = 'pair.losses';
export const HITS = 'pair.hits';

export interface MeasuredGraph {
  readonly layout: ParameterLayout;
  readonly measures: Measures;
  /** `start` are the parameters to begin with, [P]. */
  spec(start: Float32Array): ProgramSpec;
}

/** Throws BadConfig for a network or an operation that the measures do not know. */
export function traceMeasured(
  config: ModularConfig,
  split: ModularData,
  options: { readonly keys: readonly number[] | null; readonly seed: number },
): MeasuredGraph {
  const graph = createGraph();
  const network = buildNetwork(graph, config, split);
  const table = traceTable(graph, config, network);
  const values: Record<string, Values> = { ...table?.data };
  const labels = {
    train: declareLabels(graph, 'train', split, values),
    test: declareLabels(graph, 'test', split, values),
  };
  const traced = { network, table, splits: [split], labels };
  const { measures, data: own } = buildMeasures(graph, config, traced, options);
  // Measures refuse a network whose table was too large, so that there is one.
  const pairs = {
    [LOSSES]: crossEntropy(table!.logits, table!.labels),
    [HITS]: correct(table!.logits, table!.labels),
  };
  return {
    layout: layOutParameters(graph),
    measures,
    spec: (start) => ({
      keys: [[options.seed, 0]],
      data: { ...values, ...own },
      start,
      evaluations: { [MEASURE]: { ...measures.nodes, ...pairs } },
    }),
  };
}

function declareLabels(
  graph: Graph,
  part: 'train' | 'test',
  split: ModularData,
  values: Record<string, Values>,
): Node {
  const name = `${part}.labels`;
  const { labels } = split[part];
  values[name] = labels;
  return data(graph, name, [labels.length], { dtype: 'u32' });
}
