/** What can be measured, known without loading any of it: the first part of the benches' names. A test holds it to the registry. */
export interface Topic {
  readonly name: string;
  readonly title: string;
  /** Some of it is among the quick benches. */
  readonly quick: boolean;
}

export const topics: readonly Topic[] = [
  { name: 'matmul', title: 'products of matrices', quick: true },
  { name: 'attention', title: 'attention', quick: true },
  { name: 'cross-entropy', title: 'softmax and cross-entropy', quick: true },
  { name: 'softmax', title: 'softmax', quick: true },
  { name: 'layer-norm', title: 'layer norm', quick: true },
  { name: 'dft', title: 'Fourier transforms', quick: true },
  { name: 'random', title: 'random numbers', quick: true },
  { name: 'reduce', title: 'sums', quick: true },
  { name: 'gather', title: 'gather', quick: true },
  { name: 'scatter', title: 'scatter-add', quick: true },
  { name: 'copy', title: 'copies between layouts', quick: true },
  { name: 'optimizer', title: 'optimisers', quick: true },
  { name: 'sampler', title: 'samplers', quick: true },
  { name: 'step', title: 'whole training steps', quick: true },
  { name: 'chip-training', title: 'training on the chip', quick: true },
  { name: 'chains', title: 'draws against chains', quick: true },
  { name: 'crossover', title: 'GPU against CPU', quick: true },
  { name: 'scaling', title: 'steps against size', quick: true },
  { name: 'llc', title: 'draws for λ̂', quick: false },
  { name: 'measures', title: 'cost of measures', quick: false },
  { name: 'start', title: 'time to the first step', quick: false },
  { name: 'ceiling', title: 'ceilings of the adapter', quick: true },
];

/** Parts of a filter, which are separated by commas. */
export function partsOf(filter: string): string[] {
  return filter
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The filter with a topic put in or taken out; without any part it means everything. */
export function toggleTopic(filter: string, topic: string, wanted: boolean): string {
  const parts = partsOf(filter).filter((part) => part !== topic);
  return [...parts, ...(wanted ? [topic] : [])].join(',');
}
