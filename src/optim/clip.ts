/**
 * Clipping by the global norm of each replica's gradient, as torch.nn.utils.clip_grad_norm_: the gradient is multiplied
 * by min(1, clip / (‖g‖ + 1e-6)). Pruned parameters do not count. A column `clip` of 0 means no clipping.
 */
import clipShader from '../../shaders/optim/clip.wgsl';
import normShader from '../../shaders/optim/norm.wgsl';
import type { UpdateTarget } from '../graph/update';
import type { Block, PhaseBuilder } from '../plan/types';
import type { Hyper } from './options';
import { hyperValues } from './options';
import { flatGrid } from './grid';

export function clips(clip: Hyper): boolean {
  return hyperValues(clip).some((value) => value > 0);
}

/**
 * Two deterministic passes, partial sums of squares and their sum. Returns a table like `target.hyper` whose column
 * `clip` holds the factor on the gradient.
 */
export function lowerClip(
  target: UpdateTarget,
  to: PhaseBuilder,
  columns: readonly string[],
): Block {
  const vectors = target.size / 4;
  // √ of the length each way: as many partial sums as each of them has terms.
  const partials = Math.ceil(Math.sqrt(vectors));
  const sums = to.transient('partial sums of squares', to.replicas * partials);
  const grid = flatGrid(partials, to);
  to.launch(normShader, {
    bindings: { gradients: target.gradients, mask: maskBlock(target), sums },
    params: {
      vectors,
      replicas: to.replicas,
      maskStride: maskStride(target),
      partials,
    },
    overrides: { ...grid.overrides, MASKED: target.mask ? 1 : 0 },
    groups: grid.groups,
    flops: to.replicas * target.size * 2,
  });
  const scaled = to.transient('clipped hyperparameters', to.replicas * columns.length);
  const rows = Math.ceil(to.replicas / 64);
  const x = Math.min(rows, to.traits.maxWorkgroupsPerDimension);
  to.launch(clipShader, {
    bindings: { sums, hyper: target.hyper, scaled },
    params: {
      replicas: to.replicas,
      partials,
      columns: columns.length,
      clipColumn: columns.indexOf('clip'),
    },
    groups: [x, Math.ceil(rows / x), 1],
    flops: to.replicas * partials,
  });
  return scaled;
}

/** The same factor in float64. */
export function clipFactor(
  clip: number,
  gradients: Float64Array,
  mask: Float64Array | null,
): number {
  if (clip === 0) return 1;
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) {
    if (mask === null || mask[i] !== 0) squares += gradients[i]! ** 2;
  }
  return Math.min(1, clip / (Math.sqrt(squares) + 1e-6));
}

/** What to bind where a kernel declares a mask: it reads it only when MASKED, so without one any vec4 buffer will do. */
export function maskBlock(target: UpdateTarget): Block {
  return target.mask?.block ?? target.gradients;
}

/** In vec4s. */
export function maskStride(target: UpdateTarget): number {
  return target.mask?.replicated ? target.size / 4 : 0;
}
