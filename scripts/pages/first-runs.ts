/**
 * What each page fetches until the run it opens with is drawn, beside what its scripts import: modules behind `import()`, by their paths
 * from the root of the project, and families of kernels. The build groups modules into files by it
 * (files.ts), and tests/library/pages-size.node.test.ts sums it.
 */

export interface FirstRun {
  readonly page: string;
  /** What the first configuration fetches on demand. */
  readonly onDemand: readonly string[];
  /** What it fetches while that run goes on. */
  readonly later?: readonly string[];
  /** The worker that does the run; the others have none, or one that is bundled apart. */
  readonly worker?: string;
}

const WORKER = 'src/lab/worker.ts';
const lab = (...names: readonly string[]): string[] => names.map((name) => `src/lab/${name}.ts`);
const experiment = (...names: readonly string[]): string[] =>
  lab(...names.map((name) => `experiments/${name}`));
const kernels = (...families: readonly string[]): string[] =>
  families.map((family) => `wgsl/kernels-${family}`);
/** On a GPU. */
const TRAINING = kernels('common', 'teams');

export const FIRST_RUNS: readonly FirstRun[] = [
  { page: 'index.html', onDemand: [] },
  {
    page: 'grokking/index.html',
    worker: WORKER,
    onDemand: [
      ...lab('drivers/training'),
      ...experiment('modular-training', 'modular-mlp', 'modular-adam'),
      ...TRAINING,
      ...kernels('measures'),
    ],
  },
  {
    page: 'tickets/index.html',
    worker: WORKER,
    onDemand: [
      ...lab('run-staged', 'drivers/training'),
      ...experiment('tickets-race', 'modular-mlp', 'modular-adam'),
      ...TRAINING,
    ],
    later: lab('stages'),
  },
  {
    page: 'lottery/index.html',
    worker: WORKER,
    onDemand: [
      ...lab('run-staged', 'drivers/training'),
      ...experiment('lottery-rounds'),
      ...TRAINING,
      ...kernels('random'),
    ],
    later: lab('stages'),
  },
  {
    page: 'learning-coefficient/index.html',
    worker: WORKER,
    onDemand: [
      ...experiment('llc-chains', 'llc-potential'),
      ...lab('drivers/sampling'),
      ...kernels('chip', 'chip-potential'),
    ],
  },
  {
    page: 'check/index.html',
    onDemand: ['src/gpu/open.ts', ...lab('check/index'), ...kernels('attention'), ...TRAINING],
    later: [
      ...lab(
        'check/products',
        'check/optimizers',
        'check/samplers',
        'check/chains',
        'check/training',
      ),
      ...kernels(
        'chip',
        'chip-potential',
        'chip-superposition',
        'chip-network',
        'layer-norm',
        'measures',
        'random',
        'samplers',
        'sgd',
        'tuned',
      ),
    ],
  },
  // What is there before the start; benches come one topic at a time.
  { page: 'bench/index.html', onDemand: [] },
];

/** A way in which the first run may go. */
export interface Variant extends FirstRun {
  readonly name: string;
}

/** Before a button is pressed, on a GPU, on a software adapter, and on either until it is done; only those that make a difference. */
export function variantsOf(run: FirstRun): Variant[] {
  const software = onSoftware(run);
  const named: readonly (readonly [name: string, variant: FirstRun | null])[] = [
    ['as opened', asOpened(run)],
    ['as drawn', run],
    ['as drawn on a software adapter', software],
    ['when done', untilDone(run)],
    ['when done on a software adapter', software && untilDone(software)],
  ];
  return named.flatMap(([name, variant]) => (variant === null ? [] : [{ ...variant, name }]));
}

/** A software adapter has kernels of its own; null where that makes no difference. */
function onSoftware(run: FirstRun): FirstRun | null {
  const [gpu, software] = kernels('teams', 'quads');
  if (!run.onDemand.includes(gpu)) return null;
  return { ...run, onDemand: run.onDemand.map((asked) => (asked === gpu ? software : asked)) };
}

/** Null where the page does not wait for a button. */
function asOpened(run: FirstRun): FirstRun | null {
  return run.worker === undefined && run.onDemand.length > 0 ? { ...run, onDemand: [] } : null;
}

/** Null where that takes no more than until it is drawn. */
function untilDone(run: FirstRun): FirstRun | null {
  const { onDemand, later } = run;
  return later === undefined ? null : { ...run, onDemand: [...onDemand, ...later] };
}
