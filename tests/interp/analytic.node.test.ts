/** Measures of networks whose every measure is known: logits Σ α_k cos(w_k(a + b − c)), neurons of one frequency each. */
import { describe, expect, it } from 'vitest';
import { modularArithmetic } from '../../src/data/modular';
import { createGraph } from '../../src/graph/node';
import { interpret } from '../../src/graph/reference';
import { analyticTables, analyticWeights, traceAnalytic } from '../../src/interp/analytic';
import { measureTables } from '../../src/interp/reference';
import { drawSamples } from '../../src/interp/samples';
import { traceMeasures } from '../../src/interp/trace';
import type { MeasureOptions, MeasureValues } from '../../src/interp/types';
import { mlp } from '../../src/nn/mlp';
import { correct } from '../../src/ops/cross-entropy';
import { mean } from '../../src/ops/reduce';
import { data } from '../../src/ops/source';
import { evaluateMeasures, expectSame, type Bound } from './compare';
import { declareSets, splitPairs } from './tables';

const P = 13;
const K = (P - 1) / 2;
const FREQUENCIES = [2, 3, 5];
const HEIGHTS = [9, 4, 6];
const SIDE = 4;
const HIDDEN = FREQUENCIES.length * SIDE ** 2;
const design = { p: P, frequencies: FREQUENCIES, hidden: HIDDEN, heights: HEIGHTS };
const OPTIONS: MeasureOptions = { keys: null, seed: 7 };

/** Its right logit is the same everywhere and W_L has three frequencies: elsewhere these are ratios of rounding errors. */
const UNDEFINED = ['distance_irrelevance', 'readout_fve'];
/** Entropies of 0 come out as rounding errors. */
const bound: Bound = (_, expected, largest) =>
  1e-9 * Math.abs(expected) + 1e-11 * Math.max(1, largest);

const w = (k: number): number => (2 * Math.PI * k) / P;
const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

/** Every pair has the same loss, as logits depend on a + b − c alone: ln Σ_d exp(Σ_j α_j (cos(w_j d) − 1)). */
function lossWith(heights: readonly number[]): number {
  const exponent = (d: number): number =>
    total(heights.map((height, j) => height * (Math.cos(w(FREQUENCIES[j]) * d) - 1)));
  return Math.log(total(Array.from({ length: P }, (_, d) => Math.exp(exponent(d)))));
}
const lossWithout = (k: number): number =>
  lossWith(HEIGHTS.map((height, j) => (FREQUENCIES[j] === k ? 0 : height)));
const LOSS = lossWith(HEIGHTS);

function trace(options = OPTIONS) {
  const graph = createGraph();
  const sets = declareSets(graph, P, splitPairs(P));
  const subject = traceAnalytic(graph, design, sets.nodes);
  return { measures: traceMeasures(graph, subject, options), data: sets.data };
}

const measureTrace = (): Promise<MeasureValues> => {
  const { measures, data: values } = trace();
  return evaluateMeasures(measures, values);
};
const measureTwin = (): Promise<MeasureValues> =>
  Promise.resolve(measureTables(analyticTables(design, splitPairs(P)), OPTIONS));

describe('the analytic network', () => {
  it('adds: as parameters of the network in src/nn it is right on all pairs', async () => {
    const graph = createGraph();
    const network = mlp(graph, {
      tokens: P,
      classes: P,
      width: 2 * FREQUENCIES.length,
      hidden: HIDDEN,
      activation: 'quadratic',
      separate: true,
      outProjection: false,
    });
    const { train, test } = modularArithmetic({
      modulus: P,
      operation: 'add',
      pairs: 'ordered',
      fraction: 0.5,
      seed: 0,
    });
    const inputs = Uint32Array.from([...train.inputs, ...test.inputs]);
    const answers = Uint32Array.from([...train.labels, ...test.labels]);
    const tokens = data(graph, 'tokens', [P * P, 2], { dtype: 'u32' });
    const labels = data(graph, 'labels', [P * P], { dtype: 'u32' });
    const { logits } = network.forward(tokens);
    const weights = analyticWeights(design);
    expect(Object.keys(network.parameters)).toEqual(Object.keys(weights));
    const spec = {
      keys: [[0, 0]] as const,
      data: { tokens: inputs, labels: answers },
      evaluations: { all: { accuracy: mean(correct(logits, labels)) } },
    };
    const { layout } = interpret(spec);
    const start = new Float32Array(layout.stride);
    for (const { name, offset } of layout.places)
      start.set(weights[name as keyof typeof weights], offset);
    const program = interpret({ ...spec, start });
    const { outputs } = await program.advance(0, 'all');
    expect(outputs!['accuracy'][0]).toBe(1);
  });

  it('measures the same traced, by products of its weights, and by the twin from formulas', async () => {
    const { measures, data: values } = trace();
    const found = await evaluateMeasures(measures, values);
    expectSame(measures, found, await measureTwin(), { bound, skip: UNDEFINED });
    const pinned = { keys: [3, 6], seed: 1 };
    const other = trace(pinned);
    const again = await evaluateMeasures(other.measures, other.data);
    const expected = measureTables(analyticTables(design, splitPairs(P)), pinned);
    expectSame(other.measures, again, expected, { bound, skip: UNDEFINED });
  });
});

describe.each([
  ['traced', measureTrace],
  ['of the twin', measureTwin],
])('measures %s have their closed forms', (_, measure) => {
  const close = (actual: number, expected: number, name = ''): void =>
    expect(Math.abs(actual - expected), `${name}: ${actual}, not ${expected}`).toBeLessThan(1e-10);
  const isKey = (k: number): boolean => FREQUENCIES.includes(k);

  it('losses: restricted as the network, excluded ln p, each frequency its own share', async () => {
    const { scalars, views } = await measure();
    for (const name of [
      'restricted_loss',
      'restricted_loss_train',
      'restricted_loss_all',
      'restricted_loss_terms',
      'restricted_loss_neurons',
    ])
      close(scalars[name], LOSS, name);
    expect(scalars['restricted_accuracy']).toBe(1);
    for (const name of ['', '_all', '_cube', '_neurons'])
      close(scalars[`excluded_loss${name}`], Math.log(P), name);
    for (let k = 1; k <= K; k++) {
      const expected = isKey(k) ? lossWithout(k) : LOSS;
      close(views['excluded_by_frequency'][k - 1], expected, `excluded ${k}`);
      close(views['ablation'][k - 1], expected, `ablated ${k}`);
    }
  });

  it('coefficients α_k, all of the variance, key where built in', async () => {
    const { scalars, views } = await measure();
    close(scalars['logit_fve'], 1);
    expect(scalars['key_count']).toBe(3);
    const length = Math.hypot(...HEIGHTS);
    for (let k = 1; k <= K; k++) {
      const height = isKey(k) ? HEIGHTS[FREQUENCIES.indexOf(k)] : 0;
      close(views['logit_coefficients'][k - 1], height);
      close(views['logit_cosines'][k - 1], height / length);
      expect(views['key_frequencies'][k - 1]).toBe(Number(isKey(k)));
    }
  });

  it('neurons of their frequency, which explains 4/5: (cos A + cos B)² varies by 1/2 + 1/2 there and by 2/8 at twice it', async () => {
    const { scalars, views } = await measure();
    for (let n = 0; n < HIDDEN; n++) {
      expect(views['neurons'][n]).toBe(FREQUENCIES[Math.floor(n / SIDE ** 2)]);
      close(views['neurons'][HIDDEN + n], 0.8);
    }
    expect(scalars['explained_neurons']).toBe(0);
    for (const k of FREQUENCIES)
      for (const row of [0, 1]) close(views['readout_fve'][row * K + k - 1], 1, `u, v of ${k}`);
  });

  it('spectra and their Gini coefficients, entropies of single frequencies', async () => {
    const { scalars, views } = await measure();
    // √α_k·√(p/2) in E; 2/s²·√(p/2)·√(s²/2) in W_L.
    const roots = HEIGHTS.map(Math.sqrt);
    for (let k = 1; k <= K; k++)
      for (const wave of [2 * k - 1, 2 * k]) {
        const root = isKey(k) ? roots[FREQUENCIES.indexOf(k)] : 0;
        close(views['embedding_spectrum'][wave], root * Math.sqrt(P / 2));
        close(views['readout_spectrum'][wave], isKey(k) ? Math.sqrt(P) / SIDE : 0);
      }
    close(scalars['gini_readout'], 1 - (2 * FREQUENCIES.length) / P);
    const zeros = P - 2 * roots.length;
    const apart = roots.flatMap((x) => roots.map((y) => Math.abs(x - y)));
    const sum = 2 * total(roots);
    close(scalars['gini_embedding'], (2 * zeros * sum + 4 * total(apart)) / (2 * P * sum));
    for (const name of ['entropy_in', 'entropy_out']) {
      close(scalars[name], 0);
      // −ln softmax of shares (1, 0, …, 0) of K − 1.
      close(scalars[`${name}_code`], Math.log(Math.E + K - 2) - 1, name);
    }
    close(scalars['circularity'], 1);
  });

  it('symmetricity: with z_k = √α_k·e^(iw_k a), ∂/∂E_a has the parts √α_k·e^(iw_k(c − b))', async () => {
    const { scalars } = await measure();
    const cosines = drawSamples(P, OPTIONS.seed).map(
      ({ a, b }) =>
        total(FREQUENCIES.map((k, j) => HEIGHTS[j] * Math.cos(w(k) * (a - b)))) / total(HEIGHTS),
    );
    close(scalars['gradient_symmetricity'], total(cosines) / cosines.length);
  });

  it('norms: unit directions, cosines over whole turns', async () => {
    const { scalars } = await measure();
    close(scalars['weight_norm/embed.weight'], P * total(HEIGHTS));
    close(scalars['weight_norm/mlp.in.a.weight'], HIDDEN);
    close(scalars['weight_norm/mlp.in.b.weight'], HIDDEN);
    close(scalars['weight_norm/unembed.weight'], (2 * FREQUENCIES.length * P) / SIDE ** 2);
    expect(scalars['attention_periodicity']).toBeUndefined();
  });
});

describe('drawn views', () => {
  it('of logits: α_k·(p/2)^(3/2) at the four products of key frequencies, 0 elsewhere', async () => {
    const { measures, data: values } = trace();
    const program = interpret({
      keys: [[0, 0]],
      data: values,
      evaluations: { drawn: measures.drawn },
    });
    const outputs = (await program.advance(0, 'drawn')).outputs!;
    const { logit_spectrum: logits, neuron_maps: maps, neuron_inputs: inputs } = outputs;
    const { neuron_spectrum: spectrum } = outputs;
    const { neurons, input } = analyticTables(design, splitPairs(P));
    for (let i = 0; i < P; i++)
      for (let j = 0; j < P; j++) {
        const [k, other] = [Math.ceil(i / 2), Math.ceil(j / 2)];
        const at = FREQUENCIES.indexOf(k);
        const height = k === other && at >= 0 ? HEIGHTS[at] * (P / 2) ** 1.5 : 0;
        expect(logits[i * P + j]).toBeCloseTo(height, 8);
      }
    // Σ over neurons of α_k²·p²·(1 + 1/4).
    const variance = total(HEIGHTS.map((height) => height ** 2 * P ** 2 * 1.25 * SIDE ** 2));
    expect(total([...spectrum].map((x) => x ** 2))).toBeCloseTo(variance, 4);
    inputs.forEach((value, i) => expect(value).toBeCloseTo(input![i], 10));
    // Clusters are of one size: by frequency, then no more.
    for (let m = 0; m < 6; m++) {
      const map = maps.subarray(m * P * P, (m + 1) * P * P);
      if (m >= FREQUENCIES.length) expect(map.every((value) => value === 0)).toBe(true);
      else {
        const own = Array.from({ length: SIDE ** 2 }, (_, n) => m * SIDE ** 2 + n);
        const differs = (n: number): boolean =>
          map.some((value, row) => Math.abs(value - neurons[row * HIDDEN + n]) > 1e-9);
        expect(
          own.some((n) => !differs(n)),
          `map ${m}`,
        ).toBe(true);
      }
    }
  });
});

describe('what the analytic network cannot be', () => {
  const refused =
    (change: object): (() => unknown) =>
    () =>
      analyticWeights({ ...design, ...change });
  it('is refused by name', () => {
    expect(refused({ p: 12 })).toThrow(/got 12: must be odd and at least 5/);
    expect(refused({ frequencies: [1, 7, 2] })).toThrow(
      /distinct frequencies of p = 13 are 1 to 6/,
    );
    expect(refused({ frequencies: [1, 1, 2] })).toThrow(/distinct/);
    expect(refused({ frequencies: [] })).toThrow(/at least one/);
    expect(refused({ hidden: 47 })).toThrow(/got 47: 3 frequencies take 3·s² neurons.*48 or 75/);
    expect(refused({ hidden: 12 })).toThrow(/s at least 3. Choose 27 or 48/);
    expect(refused({ heights: [1, 2] })).toThrow(/one positive height a frequency/);
    expect(refused({ heights: [1, 2, 0] })).toThrow(/positive/);
  });
});
