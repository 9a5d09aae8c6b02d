/** The masks of tickets: scores of the weights by method, and the largest kept. */
import type { ParameterLayout } from '../../graph/layout';
import type { KeepLargest, Probe, PruneOptions } from '../../prune/types';
import { createRandom } from '../../random/random';
import { streams } from '../../random/streams';
import type { Ticket } from './tickets-plan';

export interface MaskSource {
  readonly layout: ParameterLayout;
  /** Weights of the base at a step. */
  weightsAt(step: number): Float32Array;
  /** Of iterative tickets: the mask and the last weights of the round before, null where there is none. */
  before: { readonly mask: Float32Array; readonly weights: Float32Array } | null;
  probe(): Promise<Probe>;
  readonly seed: number;
}

/** Rounds of `synflow-100`. */
const FLOW_ROUNDS = 100;

/** Null for a network that is neither pruned nor scaled. `round` counts from 1 and is the last unless given. */
export async function drawMask(
  ticket: Ticket,
  source: MaskSource,
  round = ticket.rounds,
): Promise<Float32Array | null> {
  const { layout, weightsAt, before, seed } = source;
  const { method, pruned, sourceStep, rewindStep, rounds } = ticket;
  if (pruned === 0) return null;
  const options: PruneOptions = { pruned, scope: 'global' };
  const keep = (scores: Float32Array, more: Partial<PruneOptions> = {}): Float32Array =>
    keepLargest(scores, layout, { ...options, ...more });
  const start = (): Float32Array => weightsAt(rewindStep);
  switch (method) {
    case 'dense':
    case 'magnitude':
      return keep(weightsAt(sourceStep!).map(Math.abs));
    case 'magnitude-layerwise':
      return keep(weightsAt(sourceStep!).map(Math.abs), { scope: 'layerwise' });
    case 'iterative':
      return keep((before?.weights ?? weightsAt(sourceStep!)).map(Math.abs), {
        pruned: 1 - (1 - pruned) ** (round / rounds),
        ...(before && { within: before.mask }),
      });
    case 'magnitude-at-init':
      return keep(start().map(Math.abs));
    case 'random': {
      const random = createRandom(seed, 0, streams.prune);
      return keep(Float32Array.from({ length: layout.stride }, () => random.uniform()));
    }
    case 'snip': {
      const found = await (await source.probe()).gradients('loss', start());
      return keep(start().map((w, k) => Math.abs(w * found[k])));
    }
    case 'grasp': {
      const probe = await source.probe();
      const gradient = await probe.gradients('tempered', start());
      const product = await probe.hessianProduct(start(), gradient);
      return keep(start().map((w, k) => w * product[k]));
    }
    case 'synflow':
    case 'synflow-100':
      return flow(await source.probe(), start(), pruned, method === 'synflow' ? 1 : FLOW_ROUNDS);
  }
}

/** |θ·∂R/∂θ| of what is left, so much pruned in each round that the last leaves 1 − pruned (Tanaka et al. 2020). */
async function flow(
  probe: Probe,
  start: Float32Array,
  pruned: number,
  rounds: number,
): Promise<Float32Array> {
  let mask: Float32Array | undefined;
  for (let round = 1; round <= rounds; round++) {
    const left = start.map((w, k) => w * (mask ? mask[k] : 1));
    const found = await probe.gradients('flow', left);
    mask = keepLargest(
      left.map((w, k) => Math.abs(w * found[k])),
      probe.layout,
      {
        pruned: 1 - (1 - pruned) ** (round / rounds),
        scope: 'global',
        ...(mask && { within: mask }),
      },
    );
  }
  return mask!;
}

/** As `KeepLargest` says: equal scores go to the lower index. */
export const keepLargest: KeepLargest = (
  scores,
  layout,
  { pruned, scope, within, exempt = [] },
) => {
  const mask = new Float32Array(layout.stride);
  const whole = layout.places.filter(({ name }) => exempt.includes(name));
  for (const { offset, size } of whole) mask.fill(1, offset, offset + size);
  const places = layout.places.filter(({ name }) => !exempt.includes(name));
  const pools = scope === 'global' ? [places] : places.map((place) => [place]);
  for (const pool of pools) {
    const all = pool.flatMap(({ offset, size }) =>
      Array.from({ length: size }, (_, k) => offset + k),
    );
    const kept = all.length - Math.round(pruned * all.length);
    const ranked = (within ? all.filter((k) => within[k] !== 0) : all).sort(
      (a, b) => scores[b] - scores[a] || a - b,
    );
    for (const k of ranked.slice(0, kept)) mask[k] = 1;
  }
  return mask;
};
