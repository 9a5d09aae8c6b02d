/** Launches that all samplers share: the grid over a chain's elements, and the kernel that ends a step. */
import finishShader from '../../../shaders/optim/sampler/finish.wgsl';
import type { UpdateTarget } from '../../graph/update';
import type { Block, PhaseBuilder } from '../../plan/types';
import { SAMPLER_METRICS } from './options';
import type { Settings } from './settings';

export interface ChainGrid {
  readonly groups: readonly [number, number, number];
  readonly overrides: { readonly WIDTH: number; readonly HEIGHT: number };
  /** Partial sums a chain. */
  readonly lanes: number;
}

/** Of a workgroup; lib/sampler/team.wgsl counts on it. */
const TEAM = 64;
const TEAM_VECTORS = 4;
/** On a software adapter: small workgroups, so that few chains still take all cores. */
const SOFTWARE_INVOCATIONS = 32;
const SOFTWARE_VECTORS = 8;
/** The kernel that ends a step reads them one after another. */
const MOST_LANES = 64;

/** `vectors` is P / 4. Invocations stride over x, so no P is too large; small chains share a workgroup. */
export function chainGrid(vectors: number, to: PhaseBuilder): ChainGrid {
  const { barriers, maxWorkgroupsPerDimension: most } = to.traits;
  const invocations = barriers ? TEAM : SOFTWARE_INVOCATIONS;
  const wanted = Math.ceil(vectors / (barriers ? TEAM_VECTORS : SOFTWARE_VECTORS));
  let width = 1;
  while (width < invocations && width < wanted) width *= 2;
  const height = invocations / width;
  const x = Math.min(Math.ceil(wanted / width), barriers ? MOST_LANES : MOST_LANES / width, most);
  const rows = Math.ceil(to.replicas / height);
  const y = Math.min(rows, most);
  return {
    groups: [x, y, Math.ceil(rows / y)],
    overrides: { WIDTH: width, HEIGHT: height },
    lanes: barriers ? x : x * width,
  };
}

/** Parameters, bindings and overrides that kernels over a chain's elements have in common. */
export function chainLaunch(
  { place }: Settings,
  target: UpdateTarget,
  to: PhaseBuilder,
  period: number,
) {
  const vectors = target.size / 4;
  const grid = chainGrid(vectors, to);
  return {
    grid,
    bindings: {
      parameters: target.parameters,
      gradients: target.gradients,
      place: target.tables['place'],
      hyper: target.hyper,
    },
    params: {
      vectors,
      replicas: to.replicas,
      place_stride: place.held > target.size ? vectors : 0,
      directions: place.held / 4,
      period,
    },
    overrides: { ...grid.overrides, DIRECTED: place.directed ? 1 : 0 },
    groups: grid.groups,
  };
}

/** Three vec4s a lane, shaders/lib/sampler/sums.wgsl. */
export function partialSums(to: PhaseBuilder, { lanes }: ChainGrid): Block {
  return to.transient('partial sums of chains', to.replicas * lanes * 12);
}

/** What the kernel that ends a step is told, whichever it is. */
export function endingLaunch(
  target: UpdateTarget,
  to: PhaseBuilder,
  { partials, lanes, period }: { partials: Block; lanes: number; period: number },
) {
  const { block: losses, offset, stride } = target.loss!;
  const workgroup = to.traits.barriers ? TEAM : SOFTWARE_INVOCATIONS;
  const groups = Math.ceil(to.replicas / workgroup);
  const x = Math.min(groups, to.traits.maxWorkgroupsPerDimension);
  return {
    bindings: {
      partials,
      hyper: target.hyper,
      losses,
      clock: target.clock,
      metrics: target.metrics!,
      scalars: target.scalars ?? to.transient('no scalars', 4),
    },
    params: { replicas: to.replicas, lanes, loss: [offset, stride], period },
    overrides: { WORKGROUP: workgroup },
    groups: [x, Math.ceil(groups / x), 1] as const,
    flops: to.replicas * (lanes + 1) * SAMPLER_METRICS.length,
  };
}

export function launchFinish(
  target: UpdateTarget,
  to: PhaseBuilder,
  ending: { partials: Block; lanes: number; period: number },
  overrides: {
    readonly THERMOSTAT?: number;
    readonly KINETIC?: number;
    readonly MEASURED?: number;
  },
): void {
  const launch = endingLaunch(target, to, ending);
  to.launch(finishShader, { ...launch, overrides: { ...launch.overrides, ...overrides } });
}
