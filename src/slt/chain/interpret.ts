/** Chains in float64 on the CPU: the oracle of the kernels, and what a visitor without WebGPU gets. */
import type { Advance, Snapshot } from '../../graph/program';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import { checkChains } from './check';
import type { ChainProgram } from './compile';
import { keptBy } from './method';
import { startChains, type Chain } from './twin';
import { diffuse } from './twin-diffusion';
import { explore } from './twin-exact';
import type { ChainSpec } from './types';

/** Longest stretch without giving the event loop a turn. */
const TURN_MS = 30;

/** Rows as those of `compileChains`, in float64. Throws BadConfig or ShapeMismatch. */
export function interpretChains(spec: ChainSpec): ChainProgram {
  const settings = checkChains(spec);
  const { keys, layout, sampler, rowEvery } = spec;
  const { method } = sampler;
  const chains = startChains(spec, settings);
  const metrics = SAMPLER_METRICS.length;
  const exact = method === 'mala' || method === 'hmc';
  const eta = new Float32Array(layout.stride);
  const row = new Float64Array(metrics);
  // `step` is where the work is; calls under way have already promised to reach `promised`.
  let step = 0;
  let promised = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function takeStep(rows: Float64Array, firstRow: number): void {
    const records = step % rowEvery === 0;
    chains.forEach((chain, r) => {
      if (exact) explore(chain, step, eta, records ? row : null);
      else diffuse(chain, method, step, eta, records ? row : null);
      if (!records) return;
      const at = (step / rowEvery - firstRow) * metrics * keys.length + r;
      for (let m = 0; m < metrics; m++) rows[at + m * keys.length] = row[m];
    });
    step++;
  }

  async function run(count: number): Promise<Advance> {
    const start = performance.now();
    const firstStep = step;
    const firstRow = Math.ceil(firstStep / rowEvery);
    const total = Math.ceil((firstStep + count) / rowEvery) - firstRow;
    const rows = new Float64Array(total * metrics * keys.length);
    let turn = start;
    for (let k = 0; k < count; k++) {
      takeStep(rows, firstRow);
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    const milliseconds = performance.now() - start;
    return { firstStep, count, rows, outputs: null, milliseconds, deviceMilliseconds: null };
  }

  return {
    layout,
    replicas: keys.length,
    metrics: SAMPLER_METRICS,
    rowEvery,
    limit: 1_000_000,
    get step() {
      return promised;
    },
    advance(count, evaluation) {
      if (evaluation !== undefined)
        return Promise.reject(new Error(`no evaluation named '${evaluation}'`));
      promised += count;
      const result = queue.then(() => run(count));
      queue = result.catch(() => undefined);
      return result;
    },
    async save() {
      await queue;
      return saveChains(spec, chains, step);
    },
    restore(snapshot) {
      restoreChains(spec, chains, snapshot);
      step = promised = snapshot.step;
    },
    dispose: () => undefined,
  };
}

function saveChains(
  { layout, sampler }: ChainSpec,
  chains: readonly Chain[],
  step: number,
): Snapshot {
  const gather = (pick: (chain: Chain) => Float64Array): Float32Array => {
    const all = new Float32Array(chains.length * layout.stride);
    chains.forEach((chain, r) => all.set(pick(chain), r * layout.stride));
    return all;
  };
  const { planes, scalars } = keptBy(sampler);
  return {
    step,
    parameters: gather(({ w }) => w),
    state: Object.fromEntries(planes.map((name) => [name, gather((chain) => chain.planes[name])])),
    scalars: Object.fromEntries(
      Object.keys(scalars).map((name) => [
        name,
        Float32Array.from(chains, (chain) => chain.scalars[name]),
      ]),
    ),
  };
}

function restoreChains(
  { layout, sampler }: ChainSpec,
  chains: readonly Chain[],
  snapshot: Snapshot,
): void {
  const { planes, scalars } = keptBy(sampler);
  chains.forEach((chain, r) => {
    const part = (all: Float32Array): Float32Array =>
      all.subarray(r * layout.stride, (r + 1) * layout.stride);
    chain.w.set(part(snapshot.parameters));
    for (const name of planes) chain.planes[name].set(part(snapshot.state[name]));
    for (const name of Object.keys(scalars)) chain.scalars[name] = snapshot.scalars![name][r];
  });
}
