/**
 * From a target and what is asked of it to the flat lists of chains: groups (a grid point of the sweep at one point w*) times chains
 * on the replica axis, each with its key, anchor, start and settings. Both execution paths begin here.
 */
import { BadConfig, LimitExceeded } from '../../gpu/errors';
import { layOutParameters, type Key, type ParameterLayout } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import { gradientsPerDraw, type Method, type SamplerOptions } from '../../optim/sampler/options';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import type { Target, TargetPoint } from '../targets/types';
import { freezeElements, selectElements } from './mask';

/** Name of the evaluation of all per-sample losses. */
export const OBSERVE = 'observe';

/** What all chains share. */
export interface SamplingOptions {
  readonly method: Method;
  readonly seed: number;
  /** Of each group. */
  readonly chains: number;
  /** In draws, as `draws`. */
  readonly burnin: number;
  readonly draws: number;
  /** Sampler steps a draw; of hmc, trajectories. */
  readonly thin: number;
  readonly batchSize: number | null;
  readonly noiseLevel: number;
  readonly weightDecay: number;
  readonly box: number | null;
  readonly mask: readonly string[] | null;
  /** Dimensions of a random subspace to sample in, or null. */
  readonly subspace: number | null;
  readonly jitter: number;
  readonly commonBatches: boolean;
  readonly pairedBaseline: boolean;
  readonly controlVariate: boolean;
  readonly decay: number;
  readonly stability: number;
  readonly friction: number | null;
  readonly noiseEstimate: number;
  readonly leapfrog: number;
  /** Of the network of a run, for masks that name heads. */
  readonly heads: number | null;
}

/** The chains of one estimate. */
export interface SamplingGroup {
  /** Index into the target's points. */
  readonly point: number;
  readonly lr: number;
  readonly localization: number;
  readonly nbeta: number;
}

export interface SamplingSetup {
  readonly target: Target;
  readonly options: SamplingOptions;
  readonly groups: readonly SamplingGroup[];
  /** The target's own parameters, also where a subspace is sampled. */
  readonly layout: ParameterLayout;
  /** w* of every point, [A, P]. */
  readonly anchors: Float32Array;
  /** [P]: 1 where sampled. */
  readonly mask: Float32Array;
  /** Sampled coordinates: of the subspace, or ones in the mask. */
  readonly sampled: number;
  readonly keys: readonly Key[];
  /** Sampler steps (gradients) between rows: thin, times the leapfrog steps of hmc. */
  readonly every: number;
  /** Rows a full run records: burn-in and draws. */
  readonly rows: number;
  /** Sampler steps of a full run. */
  readonly steps: number;
  /** Steps between measured acceptances of sgld; 0 for other methods. */
  readonly acceptanceEvery: number;
}

/** Rows × chains of recorded losses that are held in memory: 2²⁸ floats are 1 GiB. */
const MOST_LOSSES = 2 ** 28;
/** Parameters of all chains. */
const MOST_SCALARS = 2 ** 29;
const EXACT: readonly Method[] = ['mala', 'hmc'];

/** Throws BadConfig or LimitExceeded naming the field, before anything large is made. */
export function setUpSampling(
  target: Target,
  options: SamplingOptions,
  groups: readonly SamplingGroup[],
): SamplingSetup {
  checkOptions(target, options);
  const graph = createGraph();
  target.trace(graph);
  const layout = layOutParameters(graph);
  const every = options.thin * gradientsPerDraw(options);
  const rows = options.burnin + options.draws;
  const chains = groups.length * options.chains;
  if (rows * chains > MOST_LOSSES || chains > 2 ** 20) {
    throw new LimitExceeded({
      asked: `${rows} draws of ${chains} chains (sampler.draws, sampler.chains and the sweep)`,
      limit: `at most 2^28 losses can be kept`,
      remedy: 'Use fewer chains or draws, raise sampler.thin, or sweep fewer points',
    });
  }
  if (chains * layout.stride > MOST_SCALARS) {
    throw new LimitExceeded({
      asked: `${chains} chains of ${layout.stride} parameters (sampler.chains, the sweep and the points w*)`,
      limit: 'at most 2^29 parameters of all chains, 2 GiB',
      remedy: `Use at most ${Math.floor(MOST_SCALARS / layout.stride)} chains in all`,
    });
  }
  const mask = selectElements(layout, options.mask, options.heads);
  // Points of one target freeze alike.
  freezeElements(mask, layout, target.points[0].frozen);
  const free = mask.reduce((sum, one) => sum + one, 0);
  if (free === 0) {
    throw new BadConfig('sampler.mask', {
      asked: 'nothing is left to sample',
      limit: 'at least one element must move',
      remedy: 'Name more parameters',
    });
  }
  if (options.subspace !== null && options.subspace > free) {
    throw new BadConfig('sampler.subspace', {
      asked: `got ${options.subspace} dimensions`,
      limit: `${free} parameters are sampled`,
      remedy: `Choose at most ${free}`,
    });
  }
  return {
    target,
    options,
    groups,
    layout,
    anchors: layOutPoints(layout, target.points),
    mask,
    sampled: options.subspace ?? free,
    keys: Array.from({ length: chains }, (_, chain): Key => [options.seed, chain]),
    every,
    rows,
    steps: rows * every,
    acceptanceEvery:
      options.method === 'sgld' ? (options.batchSize === null ? every : 20 * every) : 0,
  };
}

function checkOptions(target: Target, options: SamplingOptions): void {
  const { method, batchSize, noiseLevel } = options;
  const exact = EXACT.includes(method);
  const refuse = (path: string, asked: string, limit: string, remedy: string): never => {
    throw new BadConfig(`sampler.${path}`, { asked, limit, remedy });
  };
  if (batchSize !== null && target.samples === null)
    refuse('batchSize', `got ${batchSize}`, 'a population loss has no samples', 'Set it to null');
  if (batchSize !== null && exact)
    refuse(
      'batchSize',
      `got ${batchSize} for ${method}`,
      'an exact sampler needs the whole loss',
      'Set it to null, or use sgld',
    );
  if (batchSize !== null && target.samples !== null && batchSize > target.samples)
    refuse(
      'batchSize',
      `got ${batchSize}`,
      `there are ${target.samples} samples`,
      `Choose at most ${target.samples}`,
    );
  if (exact && noiseLevel !== 1)
    refuse(
      'noiseLevel',
      `got ${noiseLevel} for ${method}`,
      'an exact sampler has its own noise',
      'Set it to 1',
    );
  if (options.controlVariate && batchSize === null)
    refuse(
      'controlVariate',
      'got true without mini-batches',
      'it corrects mini-batch noise',
      'Give a batchSize',
    );
}

/** [A, P]. Throws BadConfig for a point that lacks a parameter. */
function layOutPoints(layout: ParameterLayout, points: readonly TargetPoint[]): Float32Array {
  const anchors = new Float32Array(points.length * layout.stride);
  points.forEach(({ values, label }, k) => {
    for (const { name, offset, size } of layout.places) {
      const found = Object.hasOwn(values, name) ? values[name] : undefined;
      if (found?.length !== size) {
        throw new BadConfig('target', {
          asked: `point ${label}: ${found ? `${found.length} numbers for ${name}` : `no ${name}`}`,
          limit: `the network has ${size}`,
          remedy: 'Give a checkpoint of this network',
        });
      }
      anchors.set(found, k * layout.stride + offset);
    }
  });
  return anchors;
}

/** The value of each group, once a chain. */
export function perChain<T>(
  { groups, options }: SamplingSetup,
  pick: (group: SamplingGroup) => T,
): T[] {
  return groups.flatMap((group) => new Array<T>(options.chains).fill(pick(group)));
}

/** What the sampler of either path is told; `anchor`, `mask` and `directions` are the path's own. */
export function samplerOptions(
  setup: SamplingSetup,
  placed: Pick<SamplerOptions, 'anchor' | 'mask' | 'directions'>,
): SamplerOptions {
  const { options, acceptanceEvery } = setup;
  const { method, noiseLevel, weightDecay, box, decay, stability, friction, noiseEstimate } =
    options;
  return {
    method,
    lr: perChain(setup, ({ lr }) => lr),
    nbeta: perChain(setup, ({ nbeta }) => nbeta),
    localization: perChain(setup, ({ localization }) => localization),
    noiseLevel,
    weightDecay,
    box: box ?? 0,
    decay,
    stability,
    ...(friction !== null && { friction }),
    noiseEstimate,
    leapfrog: options.leapfrog,
    acceptanceEvery,
    ...placed,
  };
}

/** The anchor of every chain [R, P], or one for all [P] where there is one point. */
export function chainAnchors(
  setup: SamplingSetup,
  anchors: Float32Array,
  stride: number,
): Float32Array {
  if (setup.target.points.length === 1) return anchors;
  const all = new Float32Array(setup.keys.length * stride);
  perChain(setup, ({ point }) => point).forEach((point, chain) => {
    all.set(anchors.subarray(point * stride, (point + 1) * stride), chain * stride);
  });
  return all;
}

/** Anchors with jitter on what is sampled, [R, P]. */
export function chainStarts(
  { options, keys }: SamplingSetup,
  anchor: Float32Array,
  mask: Float32Array,
): Float32Array {
  const stride = mask.length;
  const starts = new Float32Array(keys.length * stride);
  keys.forEach(([seed, lane], chain) => {
    const own = anchor.length > stride ? chain * stride : 0;
    const start = starts.subarray(chain * stride, (chain + 1) * stride);
    start.set(anchor.subarray(own, own + stride));
    if (options.jitter === 0) return;
    const random = createRandom(seed, lane, streams.jitter);
    for (let i = 0; i < stride; i++)
      if (mask[i] !== 0) start[i] += options.jitter * random.normal();
  });
  return starts;
}

/**
 * Two directions [2, P] for drawing: the first two sampled coordinates where there are but two, else two random ones of
 * unit length, at right angles on what is sampled.
 */
export function drawDirections(mask: Float32Array, seed: number): Float32Array {
  const stride = mask.length;
  const free = [...mask.keys()].filter((i) => mask[i] !== 0);
  const directions = new Float32Array(2 * stride);
  if (free.length <= 2) {
    free.forEach((i, k) => (directions[k * stride + i] = 1));
    return directions;
  }
  const random = createRandom(seed, 0, streams.probe);
  const rows = [0, 1].map(() => free.map(() => random.normal()));
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const unit = (a: readonly number[]): number[] => a.map((value) => value / Math.sqrt(dot(a, a)));
  const first = unit(rows[0]);
  const along = dot(first, rows[1]);
  const second = unit(rows[1].map((value, i) => value - along * first[i]));
  free.forEach((i, k) => {
    directions[i] = first[k];
    directions[stride + i] = second[k];
  });
  return directions;
}
