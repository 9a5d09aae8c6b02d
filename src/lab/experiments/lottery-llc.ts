/** λ̂ along the rounds of pruning: chains around where each round's first ticket ended, on the training digits. */
import { layOutParameters, type ParameterLayout } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import type { Graph, Node } from '../../graph/types';
import type { Digits } from '../../data/digits';
import { crossEntropy } from '../../ops/cross-entropy';
import { gather } from '../../ops/gather';
import { mean } from '../../ops/reduce';
import { data } from '../../ops/source';
import type { Target } from '../../slt/targets/types';
import { inside } from './inside';
import { buildSampling } from './llc-sampling';
import { buildClassifier, drawSet } from './lottery-network';
import type { LotteryConfig } from './lottery-schema';
import { widthsOf } from './lottery-shares';
import { pointAt, type PrunedNetwork } from './pruned-point';
import type { SamplingModel } from './types';

const NO_SWEEP = { lr: [], localization: [], nbeta: [] };

/** Chains around a network. Throws BadConfig naming `llc` or one of its fields. */
export function sampleClassifier(
  config: LotteryConfig,
  layout: ParameterLayout,
  network: PrunedNetwork,
): SamplingModel {
  const { seed, llc } = config;
  const target: Target = {
    description: `${widthsOf(config).join('–')} on ${config.data.train} digits`,
    points: [pointAt(layout, network)],
    ...traceLoss(config, drawSet(config, 'train')),
    chain: null,
    chainReason: 'a classifier of images does not fit on the chip',
    theory: () => null,
    thermal: () => null,
  };
  return inside('llc', () =>
    buildSampling(config, { target, heads: null }, { seed, sampler: llc!, sweep: NO_SWEEP }),
  );
}

/** Steps the chains of a network take, for a configuration that has `llc`; what is wrong with the sampler is said here, before the training. */
export function llcStepsOf(config: LotteryConfig): number {
  const graph = createGraph();
  buildClassifier(graph, config);
  const layout = layOutParameters(graph);
  const weights = new Float32Array(layout.stride);
  return sampleClassifier(config, layout, { name: 'dense', weights, mask: null }).steps;
}

function traceLoss(
  config: LotteryConfig,
  { images, labels }: Digits,
): Pick<Target, 'samples' | 'data' | 'trace'> {
  const samples = labels.length;
  const pixels = images.length / samples;
  return {
    samples,
    data: { images, labels },
    trace(graph: Graph) {
      const network = buildClassifier(graph, config);
      const allImages = data(graph, 'images', [samples, pixels]);
      const allLabels = data(graph, 'labels', [samples], { dtype: 'u32' });
      const sampleLosses = (rows: Node | null): Node => {
        const { logits } = network.forward(rows ? gather(allImages, rows) : allImages);
        return crossEntropy(logits, rows ? gather(allLabels, rows) : allLabels);
      };
      return { loss: mean(sampleLosses(null)), sampleLosses };
    },
  };
}
