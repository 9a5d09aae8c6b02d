/** Masks by method: scores, and the largest kept, in one round or in many. */
import { BadConfig } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { keepLargest } from './keep-largest';
import { applyMask, warnOfCollapse } from './masks';
import { shareAfter } from './rounds';
import { flowScores, graspScores, magnitudeScores, randomScores, snipScores } from './scores';
import type { Curvature, Method, Probe, PruneOptions } from './types';

export interface ScoreOptions {
  readonly method: Exclude<Method, 'dense'>;
  readonly layout: ParameterLayout;
  /** The weights that are scored, [P]: those of the source step for the magnitudes, the start for the others. */
  readonly parameters: Float32Array;
  /** Needed by `snip`, `grasp` and `synflow`; called for no other. */
  readonly probe?: () => Probe | Promise<Probe>;
  /** Key of `random`; 0 unless given. */
  readonly seed?: number;
  readonly lane?: number;
}

export interface Scores {
  /** [P], the largest to be kept. */
  readonly scores: Float32Array | Float64Array;
  /** How the Hessian of `grasp` was computed; null for other methods. */
  readonly curvature: Curvature | null;
}

export interface MaskOptions extends ScoreOptions {
  /** As in `PruneOptions`. */
  readonly pruned: number;
  readonly exempt?: PruneOptions['exempt'];
  readonly within?: PruneOptions['within'];
  readonly rates?: PruneOptions['rates'];
  /** `layerwise` for `magnitude-layerwise` and `global` for the others, unless given. */
  readonly scope?: PruneOptions['scope'];
  /** Rounds of `synflow-100`; 100 unless given. */
  readonly rounds?: number;
}

export interface DrawnMask extends Scores {
  /** [P], padding 0. */
  readonly mask: Float32Array;
  /** A sentence where a tensor was emptied. */
  readonly warnings: readonly string[];
}

const FLOW_ROUNDS = 100;

/**
 * Scores of one round. GraSP keeps the sign of the Grokking Tickets code: θ ⊙ Hg, highest kept. Throws `BadConfig` for a method that needs a
 * probe and has none.
 */
export async function scoreAtInit(options: ScoreOptions): Promise<Scores> {
  const { method, layout, parameters, seed = 0, lane = 0 } = options;
  const plain = (scores: Scores['scores']): Scores => ({ scores, curvature: null });
  switch (method) {
    case 'magnitude':
    case 'magnitude-layerwise':
    case 'magnitude-at-init':
    case 'iterative':
      return plain(magnitudeScores(parameters));
    case 'random':
      return plain(randomScores(layout, seed, lane));
    case 'snip': {
      const probe = await probeOf(options);
      return plain(snipScores(parameters, await probe.gradients('loss', parameters)));
    }
    case 'grasp': {
      const probe = await probeOf(options);
      const gradient = await probe.gradients('tempered', parameters);
      const product = await probe.hessianProduct(parameters, gradient);
      return { scores: graspScores(parameters, product), curvature: probe.curvature ?? null };
    }
    case 'synflow':
    case 'synflow-100': {
      const probe = await probeOf(options);
      return plain(flowScores(parameters, await probe.gradients('flow', parameters)));
    }
  }
}

/**
 * The mask of a method, with the scores it was cut by (of `synflow-100` those of the last round). `pruned`, `within` and the rest are as
 * `keepLargest` takes them. For `iterative`, give the last weights and the mask of the round before as `within`, and `pruned` from
 * `shareAfter`.
 */
export async function drawMask(options: MaskOptions): Promise<DrawnMask> {
  const { method, layout, pruned, exempt, rates } = options;
  const { scope = method === 'magnitude-layerwise' ? 'layerwise' : 'global' } = options;
  const rounds = method === 'synflow-100' ? (options.rounds ?? FLOW_ROUNDS) : 1;
  const common = { scope, ...(exempt && { exempt }), ...(rates && { rates }) };
  let { parameters, within } = options;
  // What is masked already neither scores nor, in SynFlow, lets anything through.
  if (within) parameters = applyMask(parameters, within);
  for (let round = 1; ; round++) {
    const found = await scoreAtInit({ ...options, parameters });
    const mask = keepLargest(found.scores, layout, {
      ...common,
      pruned: shareAfter(pruned, round, rounds),
      ...(within && { within }),
    });
    if (round >= rounds) return { ...found, mask, warnings: warnOfCollapse(mask, layout) };
    within = mask;
    parameters = applyMask(parameters, mask);
  }
}

async function probeOf({ method, probe }: ScoreOptions): Promise<Probe> {
  if (probe) return probe();
  throw new BadConfig('probe', {
    asked: `none for ${method}`,
    limit: 'its scores are made of gradients',
    remedy: 'Give one made by createProbe',
  });
}
