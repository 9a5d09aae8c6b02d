/**
 * What each page fetches until the run it opens with is drawn, beside what its scripts import: modules behind `import()`, by their paths
 * from the root of the project, and families of kernels, on a GPU and on a software adapter. The build groups modules into files by it
 * (pages-chunks.ts), and tests/library/pages-size.node.test.ts sums it.
 */

export interface FirstRun {
  readonly page: string;
  /** What the first configuration fetches on demand. */
  readonly onDemand: readonly string[];
  /** The worker that does the run; the others have none, or one that is bundled apart. */
  readonly worker?: string;
}

const WORKER = 'src/lab/worker.ts';
const experiment = (...names: readonly string[]): string[] =>
  names.map((name) => `src/lab/experiments/${name}.ts`);
const kernels = (...families: readonly string[]): string[] =>
  families.map((family) => `wgsl/kernels-${family}`);
const TRAINING = kernels('common', 'teams');

export const FIRST_RUNS: readonly FirstRun[] = [
  { page: 'index.html', onDemand: [] },
  {
    page: 'grokking/index.html',
    worker: WORKER,
    onDemand: [
      'src/lab/drivers/training.ts',
      ...experiment('modular-training', 'modular-mlp'),
      ...TRAINING,
      ...kernels('measures'),
    ],
  },
  {
    page: 'tickets/index.html',
    worker: WORKER,
    onDemand: [
      'src/lab/run-staged.ts',
      'src/lab/drivers/training.ts',
      ...experiment('tickets-race', 'modular-mlp'),
      ...TRAINING,
    ],
  },
  {
    page: 'lottery/index.html',
    worker: WORKER,
    onDemand: [
      'src/lab/run-staged.ts',
      'src/lab/drivers/training.ts',
      ...experiment('lottery-rounds'),
      ...TRAINING,
      ...kernels('random'),
    ],
  },
  {
    page: 'learning-coefficient/index.html',
    worker: WORKER,
    onDemand: [
      ...experiment('llc-chains', 'llc-potential'),
      'src/lab/drivers/sampling.ts',
      'src/graph/reference.ts',
      ...kernels('chains'),
    ],
  },
  {
    page: 'check/index.html',
    onDemand: kernels(
      'attention',
      'chains',
      'common',
      'layer-norm',
      'measures',
      'random',
      'samplers',
      'teams',
    ),
  },
  // What is there before the start; benches come one topic at a time.
  { page: 'bench/index.html', onDemand: [] },
];
