/**
 * The SGLD chains of benches/llc.ts as PyTorch reads them: w*, data, settings, and the first steps of a few chains with the numbers
 * that they draw and the excess losses that must come out in float64.
 */
import { kGon, modular, setUp } from '../../benches/chain-problem';
import type { SgldProblem } from '../../benches/chain-problem';
import { benches } from '../../benches/llc';
import type { ParameterLayout } from '../../src/graph/layout';
import { writeSafetensors } from '../../src/lab/safetensors';
import type { Tensor } from '../../src/lab/safetensors';
import { SAMPLER_METRICS } from '../../src/optim/sampler/options';
import { multiplyHigh, philox } from '../../src/random/philox';
import { fillNormal } from '../../src/random/random';
import { streams } from '../../src/random/streams';
import { openSampling } from '../../src/slt/sampling/open';
import type { SamplingSetup } from '../../src/slt/sampling/setup';

/** Losses of this many steps are held; the last one's noise moves nothing that is looked at. */
const CHECKED_STEPS = 4;
const CHECKED_CHAINS = 2;
/** Where drift alone is looked at, chains start so many standard deviations of a step's noise from w*. */
const AWAY = 10;

const problems: Readonly<Record<string, () => SgldProblem>> = {
  'k-gon': kGon,
  'modular-addition': modular,
};

/** A safetensors file; what is not a tensor is JSON in its metadata under `problem`. */
export async function writeChains(): Promise<Uint8Array> {
  const tensors = new Map<string, Tensor>();
  const facts: Record<string, object> = {};
  for (const [name, create] of Object.entries(problems)) {
    const problem = create();
    const setup = setUp(problem, CHECKED_CHAINS);
    const all = { ...tensorsOf(problem, setup), ...(await drift(problem, setup)) };
    for (const [key, tensor] of Object.entries(all)) tensors.set(`${name}.${key}`, tensor);
    facts[name] = { ...benchOf(name), ...(await describe(problem, setup)) };
  }
  return writeSafetensors(tensors, { problem: JSON.stringify(facts) });
}

/** What the report calls it, so that rows of the same work meet in one table. */
function benchOf(name: string): object {
  const found = benches.find((bench) => bench.name.endsWith(`/${name}`));
  if (!found) throw new Error(`benches/llc.ts has no case ${name}`);
  return { bench: found.name, title: found.title };
}

async function describe(problem: SgldProblem, setup: SamplingSetup): Promise<object> {
  const { target, lr, localization, nbeta, batchSize } = problem;
  const { program, points } = await openSampling(null, setup, {
    prefer: 'general',
    observe: false,
  });
  const { rows } = await program.advance(CHECKED_STEPS);
  program.dispose();
  const width = SAMPLER_METRICS.length * CHECKED_CHAINS;
  const excess = Array.from({ length: CHECKED_STEPS }, (_, step) =>
    Array.from({ length: CHECKED_CHAINS }, (_, chain) => rows[step * width + chain]),
  );
  const parameters = setup.layout.places.map(({ name, shape, size }) => ({ name, shape, size }));
  const { samples } = target;
  const [baseline] = points.baseline;
  return { lr, localization, nbeta, batchSize, samples, parameters, baseline, excess };
}

/**
 * Where chains that start away from w* come to without noise, on the same batches: against noise the drift of a few steps is too
 * small to see, and near w* localisation has no part in it.
 */
async function drift(
  { lr }: SgldProblem,
  setup: SamplingSetup,
): Promise<Record<'starts' | 'ends', Tensor>> {
  const options = { ...setup.options, noiseLevel: 0, jitter: AWAY * Math.sqrt(lr) };
  const { program } = await openSampling(
    null,
    { ...setup, options },
    { prefer: 'general', observe: false },
  );
  const { layout } = setup;
  const packed = async (): Promise<Tensor> => {
    const { parameters } = await program.save();
    const data = Array.from({ length: CHECKED_CHAINS }, (_, chain) =>
      pack(layout, parameters.subarray(chain * layout.stride, (chain + 1) * layout.stride)),
    ).flatMap((own) => [...own]);
    const shape = [CHECKED_CHAINS, layout.count];
    return { dtype: 'F32', shape, data: Float32Array.from(data) };
  };
  const starts = await packed();
  await program.advance(CHECKED_STEPS);
  const ends = await packed();
  program.dispose();
  return { starts, ends };
}

/** Parameters of one chain without the padding between them. */
function pack({ places }: ParameterLayout, padded: Float32Array): Float32Array {
  return Float32Array.from(
    places.flatMap(({ offset, size }) => [...padded.subarray(offset, offset + size)]),
  );
}

function tensorsOf(
  { target, batchSize }: SgldProblem,
  { layout, anchors, keys }: SamplingSetup,
): Record<string, Tensor> {
  const { count, stride } = layout;
  const noise = new Float32Array((CHECKED_STEPS - 1) * CHECKED_CHAINS * count);
  for (let step = 0; step < CHECKED_STEPS - 1; step++) {
    keys.forEach(([seed, lane], chain) => {
      const drawn = pack(layout, fillNormal(stride, seed, lane, streams.noise, 0, 1, step));
      noise.set(drawn, (step * CHECKED_CHAINS + chain) * count);
    });
  }
  const found: Record<string, Tensor> = {
    anchor: { dtype: 'F32', shape: [count], data: pack(layout, anchors) },
    noise: { dtype: 'F32', shape: [CHECKED_STEPS - 1, CHECKED_CHAINS, count], data: noise },
  };
  const { samples } = target;
  if (samples === null || batchSize === null) return found;
  const { tokens, labels } = target.data as Record<'tokens' | 'labels', Uint32Array>;
  return {
    ...found,
    tokens: { dtype: 'I32', shape: [samples, 2], data: Int32Array.from(tokens) },
    labels: { dtype: 'I32', shape: [samples], data: Int32Array.from(labels) },
    rows: { dtype: 'I32', shape: [CHECKED_STEPS, batchSize], data: drawRows(batchSize, samples) },
  };
}

/** What `randomIntegers` draws for all chains together, under the key of the first. */
function drawRows(batchSize: number, samples: number): Int32Array {
  const rows = new Int32Array(CHECKED_STEPS * batchSize);
  for (let i = 0; i < rows.length; i++) {
    const [step, element] = [Math.floor(i / batchSize), i % batchSize];
    const words = philox(0, 0, step, Math.floor(element / 4), streams.batch, 0);
    rows[i] = multiplyHigh(words[element % 4], samples);
  }
  return rows;
}
