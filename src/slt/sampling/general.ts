/**
 * The general path: any traced loss, chains on the replica axis, one fused update a step. What is differentiated, what is recorded
 * and what is measured now and then:
 *
 *     recorded    mean over the batch of ℓ_i(w) − ℓ_i(w*), the second part cached (paired baseline), or L_B(w) − L(w*)
 *     gradient    ∇L_B(w), or ∇L_B(w) − ∇L_B(w*) + ∇L(w*) with the control variate
 *     evaluation  losses of all samples, for WAIC and the singular fluctuation
 */
import { createGraph } from '../../graph/node';
import { gradients } from '../../graph/grad';
import { layOutParameters } from '../../graph/layout';
import type { ProgramSpec, Values } from '../../graph/program';
import { sizeOf } from '../../graph/shape';
import { substitute } from '../../graph/substitute';
import type { Graph, Node } from '../../graph/types';
import { add, multiply, subtract } from '../../ops/elementwise';
import { gather } from '../../ops/gather';
import { matmul } from '../../ops/matmul';
import { randomIntegers } from '../../ops/random';
import { mean, sum } from '../../ops/reduce';
import { data, parameter } from '../../ops/source';
import { reshape, slice } from '../../ops/view';
import { sampler } from '../../optim/sampler';
import { streams } from '../../random/streams';
import type { TracedTarget } from '../targets/types';
import { leavesLike, parametersByName } from './leaves';
import type { MeasuredPoints } from './points';
import {
  OBSERVE,
  chainAnchors,
  chainStarts,
  drawDirections,
  perChain,
  samplerOptions,
  type SamplingSetup,
} from './setup';
import { subspaceBasis } from './subspace';

/** `observe`: also make the evaluation of per-sample losses. */
export function generalSpec(
  setup: SamplingSetup,
  points: MeasuredPoints,
  observe: boolean,
): ProgramSpec {
  const { target, keys, options } = setup;
  const graph = createGraph();
  const traced = target.trace(graph);
  const values: Record<string, Values> = { ...target.data, ...pointData(setup) };
  const parameters = parametersByName(graph);
  const losses = traceLosses(setup, points, graph, traced, values);
  const differentiated = options.controlVariate
    ? addControlVariate(setup, points, losses.batch, parameters, values)
    : (traced.noisy ?? losses.batch);
  const wanted = [differentiated, losses.recorded, ...(losses.all ? [losses.all] : [])];
  const placed = placeParameters(setup, graph, parameters, values);
  const [loss, observed, all] = placed.images ? substitute(wanted, placed.images) : wanted;
  return {
    keys,
    data: values,
    start: placed.start,
    training: {
      loss,
      observed,
      metrics: {},
      update: sampler(
        samplerOptions(setup, {
          anchor: placed.anchor,
          mask: placed.mask,
          directions: drawDirections(placed.mask, options.seed),
        }),
      ),
    },
    ...(observe && all && { evaluations: { [OBSERVE]: { losses: all } } }),
  };
}

interface Losses {
  /** Mean over the batch, differentiated. */
  readonly batch: Node;
  /** The excess, recorded. */
  readonly recorded: Node;
  /** Of all samples, [n]; null for a population loss. */
  readonly all: Node | null;
}

function traceLosses(
  setup: SamplingSetup,
  { baseline, losses }: MeasuredPoints,
  graph: Graph,
  { loss, sampleLosses }: TracedTarget,
  values: Record<string, Values>,
): Losses {
  const { target, options, acceptanceEvery } = setup;
  const several = target.points.length > 1;
  const ofPoints = (name: string, shape: readonly number[], all: Float32Array): Node => {
    values[name] = several ? spread(setup, all, sizeOf(shape)) : all;
    return data(graph, name, shape, { replicated: several });
  };
  const atPoints = (): Node => ofPoints('loss at w*', [], Float32Array.from(baseline));
  if (!sampleLosses || !losses) {
    return { batch: loss, recorded: subtract(loss, atPoints()), all: null };
  }
  const samples = target.samples!;
  const all = sampleLosses(null);
  const rows =
    options.batchSize === null
      ? null
      : randomIntegers(graph, [options.batchSize], samples, streams.batch, {
          shared: options.commonBatches,
          held: acceptanceEvery > 1 ? acceptanceEvery : 0,
        });
  const drawn = rows ? sampleLosses(rows) : all;
  if (!options.pairedBaseline) {
    return { batch: mean(drawn), recorded: subtract(mean(drawn), atPoints()), all };
  }
  const cached = ofPoints('losses at w*', [samples], losses);
  const paired = subtract(drawn, rows ? gather(cached, rows) : cached);
  return { batch: mean(drawn), recorded: mean(paired), all };
}

/** Data of the points, once a chain where there are several. */
function pointData(setup: SamplingSetup): Record<string, Float32Array> {
  const { points, perPoint = {} } = setup.target;
  return Object.fromEntries(
    Object.entries(perPoint).map(([name, all]) => [
      name,
      points.length > 1 ? spread(setup, all, all.length / points.length) : all,
    ]),
  );
}

/** Values of points, `size` each, once a chain. */
function spread(setup: SamplingSetup, all: Float32Array, size: number): Float32Array {
  const chains = perChain(setup, ({ point }) => point);
  const out = new Float32Array(chains.length * size);
  chains.forEach((point, chain) =>
    out.set(all.subarray(point * size, (point + 1) * size), chain * size),
  );
  return out;
}

/**
 * A loss whose gradient is ∇L_B(w) − ∇L_B(w*) + ∇L(w*): L_B(w) − ⟨c, w⟩ with c = ∇L_B(w*) − ∇L(w*), which does not depend on w.
 * (Control variates for SGLD: Baker et al., "Control variates for stochastic gradient MCMC", 2019.)
 */
function addControlVariate(
  setup: SamplingSetup,
  { gradient }: MeasuredPoints,
  batch: Node,
  parameters: ReadonlyMap<string, Node>,
  values: Record<string, Values>,
): Node {
  const { target, layout, anchors } = setup;
  const several = target.points.length > 1;
  const { graph } = batch;
  const there = leavesLike(graph, 'w*', parameters, several);
  const whole = leavesLike(graph, 'gradient at w*', parameters, several);
  for (const { name, offset, size } of layout.places) {
    const part = (all: Float32Array): Float32Array => {
      const own = new Float32Array(target.points.length * size);
      target.points.forEach((_, k) => {
        const start = k * layout.stride + offset;
        own.set(all.subarray(start, start + size), k * size);
      });
      return several ? spread(setup, own, size) : own;
    };
    values[`w*.${name}`] = part(anchors);
    values[`gradient at w*.${name}`] = part(gradient);
  }
  const names = [...parameters.keys()];
  const images = new Map(names.map((name) => [parameters.get(name)!, there.get(name)!] as const));
  const [atAnchor] = substitute([batch], images);
  const noise = gradients(
    atAnchor,
    names.map((name) => there.get(name)!),
  );
  const corrections = names.map((name, k) =>
    sum(multiply(subtract(noise[k], whole.get(name)!), parameters.get(name)!)),
  );
  return subtract(batch, corrections.reduce(add));
}

interface Placed {
  readonly anchor: Float32Array;
  readonly mask: Float32Array;
  readonly start: Float32Array;
  /** Parameters replaced by w* + V·z, where a subspace is sampled. */
  readonly images: ReadonlyMap<Node, Node> | null;
}

/**
 * Anchor, mask and start in the layout of the graph. A subspace adds a parameter z [k] behind the others, which stay at w*; its
 * columns are orthonormal, so that γ‖z‖² is γ‖w − w*‖².
 */
function placeParameters(
  setup: SamplingSetup,
  graph: Graph,
  parameters: ReadonlyMap<string, Node>,
  values: Record<string, Values>,
): Placed {
  const { options, layout, mask, anchors } = setup;
  if (options.subspace === null) {
    const anchor = chainAnchors(setup, anchors, layout.stride);
    return { anchor, mask, start: chainStarts(setup, anchor, mask), images: null };
  }
  const size = options.subspace;
  const z = parameter(graph, 'subspace', [size, 1], { kind: 'zeros' });
  values['basis'] = subspaceBasis(mask, size, options.seed);
  const moved = reshape(matmul(data(graph, 'basis', [layout.stride, size]), z), [layout.stride]);
  const images = new Map(
    layout.places.map(({ name, shape, offset, size: count }) => {
      const node = parameters.get(name)!;
      return [node, add(node, reshape(slice(moved, [offset], [offset + count]), shape))] as const;
    }),
  );
  const { stride } = layOutParameters(graph);
  const wider = new Float32Array((anchors.length / layout.stride) * stride);
  setup.target.points.forEach((_, k) =>
    wider.set(anchors.subarray(k * layout.stride, (k + 1) * layout.stride), k * stride),
  );
  const own = new Float32Array(stride).fill(1, layout.stride, layout.stride + size);
  const anchor = chainAnchors(setup, wider, stride);
  return { anchor, mask: own, start: chainStarts(setup, anchor, own), images };
}
