/** Scores at the start against what is known of them in closed form. */
import { describe, expect, it } from 'vitest';
import { multilayerPerceptron } from '../../src/nn/multilayer-perceptron';
import { meanSquaredError } from '../../src/ops/loss';
import { data } from '../../src/ops/source';
import {
  createProbe,
  density,
  drawMask,
  emptiedTensors,
  scoreAtInit,
  type TraceProbed,
} from '../../src/prune';
import { distance, inFloat64, inReference, startOf, tokens, vectors } from './models';

const open = inFloat64;

/** y = Wx, two outputs of three inputs, mean squared error over four rows. */
const rows = [
  [1, 0, 2],
  [-1, 1, 0],
  [0.5, -2, 1],
  [3, 1, -1],
];
const targets = [
  [1, 0],
  [0, 1],
  [-1, 2],
  [2, 2],
];
const linear: TraceProbed = (graph) => {
  const network = multilayerPerceptron(graph, [3, 2], { biases: false });
  const answers = data(graph, 'answers', [4, 2]);
  return {
    network,
    input: data(graph, 'rows', [4, 3]),
    loss: (outputs) => meanSquaredError(outputs, answers),
    data: {
      rows: Float32Array.from(rows.flat()),
      answers: Float32Array.from(targets.flat()),
    },
  };
};

describe('SNIP', () => {
  it('of a linear map is |w ⊙ ∂L/∂w| in closed form', async () => {
    const probe = createProbe({ trace: linear, open });
    const weights = [0.5, -1, 2, 1, 0.25, -0.5];
    const parameters = new Float32Array(probe.layout.stride);
    parameters.set(weights);
    const expected = weights.map((weight, k) => {
      const [out, inner] = [Math.floor(k / 3), k % 3];
      const slope = rows.reduce((sum, row, n) => {
        const output = row.reduce((total, x, j) => total + x * weights[out * 3 + j], 0);
        return sum + 2 * (output - targets[n][out]) * row[inner];
      }, 0);
      return Math.abs((weight * slope) / 8);
    });
    const options = {
      method: 'snip',
      layout: probe.layout,
      parameters,
      probe: () => probe,
    } as const;
    const { scores, curvature } = await scoreAtInit(options);
    expect(curvature).toBeNull();
    expected.forEach((score, k) => expect(scores[k]).toBeCloseTo(score, 5));
    const { mask } = await drawMask({ ...options, pruned: 0.5 });
    const third = [...expected].sort((a, b) => b - a)[2];
    expect([...mask.subarray(0, 6)]).toEqual(expected.map((score) => Number(score >= third)));
    probe.dispose();
  });
});

describe('GraSP', () => {
  it('is θ ⊙ Hg with the Hessian written out', async () => {
    const trace = vectors([3, 4, 3], { activation: 'tanh' });
    const probe = createProbe({ trace, open });
    const parameters = startOf(trace);
    const exact = inReference(trace);
    const gradient = exact.gradient(parameters, true);
    const product = new Float64Array(probe.layout.stride);
    // Column by column: H e_j, the whole matrix.
    for (let j = 0; j < product.length; j++) {
      const unit = Float64Array.from(product, (_, k) => Number(k === j));
      const column = exact.product(parameters, unit);
      column.forEach((value, k) => (product[k] += value * gradient[j]));
    }
    const expected = product.map((value, k) => value * parameters[k]);
    const { scores, curvature } = await scoreAtInit({
      method: 'grasp',
      layout: probe.layout,
      parameters,
      probe: () => probe,
    });
    expect(curvature).toBe('exact');
    expect(distance(scores, expected)).toBeLessThan(1e-5);
    expect(expected.some((score) => score < 0)).toBe(true);
    probe.dispose();
  });
});

describe('SynFlow', () => {
  const widths = [6, 5, 4, 3];
  const trace = vectors(widths, { biases: false });

  it('conserves flow: what scores bring into a unit they take out of it, and each layer carries R', async () => {
    const probe = createProbe({ trace, open });
    const { scores } = await scoreAtInit({
      method: 'synflow',
      layout: probe.layout,
      parameters: startOf(trace),
      probe: () => probe,
    });
    const at = (layer: number, out: number, inner: number): number =>
      scores[probe.layout.places[layer].offset + out * widths[layer] + inner];
    const range = (n: number): number[] => [...Array(n).keys()];
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    for (const layer of [0, 1]) {
      for (const unit of range(widths[layer + 1])) {
        const into = sum(range(widths[layer]).map((inner) => at(layer, unit, inner)));
        const from = sum(range(widths[layer + 2]).map((out) => at(layer + 1, out, unit)));
        expect(into).toBeGreaterThan(0);
        expect(from / into).toBeCloseTo(1, 5);
      }
    }
    const totals = probe.layout.places.map(({ offset, size }) =>
      sum([...scores.slice(offset, offset + size)]),
    );
    expect(totals[1] / totals[0]).toBeCloseTo(1, 5);
    expect(totals[2] / totals[0]).toBeCloseTo(1, 5);
    probe.dispose();
  });

  it('does not look at signs', async () => {
    const probe = createProbe({ trace, open });
    const parameters = startOf(trace);
    const score = async (at: Float32Array) => {
      const common = { layout: probe.layout, probe: () => probe } as const;
      return (await scoreAtInit({ method: 'synflow', parameters: at, ...common })).scores;
    };
    expect(await score(parameters.map((w, k) => (k % 3 ? w : -w)))).toEqual(
      await score(parameters),
    );
    probe.dispose();
  });

  it('in 100 rounds reaches a compression at which magnitude and one round collapse', async () => {
    // A wide layer between narrow ones: its weights are smaller, and its share of the flow is spread thin.
    const wide = vectors([12, 40, 40, 3], { biases: false, init: 'kaiming' });
    const probe = createProbe({ trace: wide, open });
    const common = {
      layout: probe.layout,
      parameters: startOf(wide),
      probe: () => probe,
      pruned: 1 - 6 / probe.layout.count,
    };
    for (const method of ['magnitude-at-init', 'synflow'] as const) {
      const { mask, warnings } = await drawMask({ ...common, method });
      expect(density(mask, probe.layout).kept, method).toBe(6);
      expect(emptiedTensors(mask, probe.layout), method).not.toEqual([]);
      expect(warnings[0], method).toMatch(/^layer collapse: nothing is left of layers\./);
    }
    const { mask, warnings } = await drawMask({ ...common, method: 'synflow-100' });
    expect(density(mask, probe.layout).kept).toBe(6);
    expect(emptiedTensors(mask, probe.layout)).toEqual([]);
    expect(warnings).toEqual([]);
    probe.dispose();
  });

  it('revives nothing: each round lies within the one before, and a given mask within that', async () => {
    const probe = createProbe({ trace: tokens, open });
    const common = {
      method: 'synflow-100',
      layout: probe.layout,
      parameters: startOf(tokens),
      probe: () => probe,
    } as const;
    const before = await drawMask({ ...common, pruned: 0.5, rounds: 5 });
    const after = await drawMask({ ...common, pruned: 0.8, rounds: 5, within: before.mask });
    expect(after.mask.some((bit, k) => bit === 1 && before.mask[k] === 0)).toBe(false);
    expect(density(after.mask, probe.layout).kept).toBe(
      probe.layout.count - Math.round(0.8 * probe.layout.count),
    );
    probe.dispose();
  });
});

describe('other methods', () => {
  const probe = createProbe({ trace: tokens, open });
  const common = { layout: probe.layout, parameters: startOf(tokens), pruned: 0.6 };

  it('draw at random from the seed alone', async () => {
    const draw = async (seed: number, parameters = common.parameters) =>
      (await drawMask({ ...common, parameters, method: 'random', seed })).mask;
    expect(await draw(1)).toEqual(await draw(1, startOf(tokens, 9)));
    const [a, b] = [await draw(1), await draw(2)];
    const both = a.reduce((sum, bit, k) => sum + bit * b[k], 0) / probe.layout.count;
    expect(both).toBeGreaterThan(0.1);
    expect(both).toBeLessThan(0.22);
  });

  it('rank magnitudes in one pool or tensor by tensor', async () => {
    const { mask } = await drawMask({ ...common, method: 'magnitude' });
    const least = Math.min(...common.parameters.filter((_, k) => mask[k] === 1).map(Math.abs));
    const most = Math.max(...common.parameters.filter((_, k) => mask[k] === 0).map(Math.abs));
    expect(least).toBeGreaterThanOrEqual(most);
    const layered = await drawMask({ ...common, method: 'magnitude-layerwise' });
    for (const share of Object.values(density(layered.mask, probe.layout).tensors)) {
      expect(share).toBeCloseTo(0.4, 1);
    }
  });

  it('ask for a probe where scores are made of gradients, and not elsewhere', async () => {
    await expect(drawMask({ ...common, method: 'snip' })).rejects.toThrow('probe: none for snip');
    const asked = () => {
      throw new Error('asked');
    };
    await expect(drawMask({ ...common, method: 'magnitude', probe: asked })).resolves.toBeDefined();
  });
});
