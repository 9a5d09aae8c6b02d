import { describe, expect, it } from 'vitest';
import { layOutParameters } from '../../src/graph/layout';
import { createGraph } from '../../src/graph/node';
import { parameter } from '../../src/ops/source';
import {
  applyMask,
  createProbe,
  density,
  emptiedTensors,
  keepLargest,
  meanTensorNorm,
  pathsAlive,
  ratesAfter,
  reinitialise,
  scaleToNorm,
  shareAfter,
  shareOfSurvivors,
  sharesOfRounds,
  warnOfCollapse,
} from '../../src/prune';
import { inFloat64, startOf, tokens, vectors } from './models';

const graph = createGraph();
parameter(graph, 'weight', [2, 3], { kind: 'normal', std: 1 });
parameter(graph, 'bias', [2], { kind: 'zeros' });
const layout = layOutParameters(graph);

describe('masks', () => {
  it('set weights to +0, of one replica or of all', () => {
    expect(applyMask(Float32Array.of(-1, 2, Infinity, 4), Float32Array.of(0, 1, 0, 1))).toEqual(
      Float32Array.of(0, 2, 0, 4),
    );
    expect(applyMask(Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 0))).toEqual(
      Float32Array.of(1, 0, 3, 0),
    );
    expect(() => applyMask(new Float32Array(4), new Float32Array(3))).toThrow('mask: 3 values');
  });

  it('have a density in all and by tensor, padding not counted', () => {
    const mask = Float32Array.of(1, 0, 0, 1, 1, 0, 9, 9, 1, 0, 9, 9);
    expect(density(mask, layout)).toEqual({
      all: 0.5,
      kept: 4,
      tensors: { weight: 0.5, bias: 0.5 },
    });
    expect(() => density(new Float32Array(24), layout)).toThrow('mask: 24 values');
  });

  it('warn where a matrix is emptied, and not of a bias', () => {
    const mask = new Float32Array(12).fill(1);
    expect(warnOfCollapse(mask, layout)).toEqual([]);
    mask.fill(0, 8);
    expect(emptiedTensors(mask, layout)).toEqual(['bias']);
    expect(warnOfCollapse(mask, layout)).toEqual([]);
    mask.fill(0);
    expect(warnOfCollapse(mask, layout)).toEqual([
      'layer collapse: nothing is left of weight (0 of 8 weights kept); prune less, or by synflow-100',
    ]);
  });

  it('are told which of their weights lie on a path', async () => {
    // Hidden unit 0 has an input and no output, unit 1 both.
    const probe = createProbe({ trace: vectors([2, 2, 2], { biases: false }), open: inFloat64 });
    const mask = Float32Array.of(1, 0, 0, 1, 0, 1, 0, 0);
    expect(await pathsAlive(probe, mask)).toEqual(Float32Array.of(0, 0, 0, 1, 0, 1, 0, 0));
    probe.dispose();
  });
});

describe('controls', () => {
  const values = Float32Array.of(3, -4, 0, 0, 0, 0, 9, 9, 1, -1, 9, 9);

  it('have the mean norm of their tensors', () => {
    expect(meanTensorNorm(values, layout, 1)).toBe((7 + 2) / 2);
    expect(meanTensorNorm(values, layout, 2)).toBeCloseTo((5 + Math.SQRT2) / 2, 14);
  });

  it('are the dense start times the ratio of norms', () => {
    const mask = Float32Array.of(1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0);
    for (const power of [1, 2] as const) {
      const { parameters, ratio } = scaleToNorm(values, mask, layout, power);
      const wanted = meanTensorNorm(applyMask(values, mask), layout, power);
      expect(meanTensorNorm(parameters, layout, power) / wanted).toBeCloseTo(1, 6);
      expect(parameters[1]).toBe(Math.fround(-4 * ratio));
    }
    expect(scaleToNorm(values, mask, layout, 1).ratio).toBeCloseTo(4 / 9, 14);
    expect(() => scaleToNorm(new Float32Array(12), mask, layout, 1)).toThrow('all are 0');
  });

  it('keep the norm of random weights in the proportion theory gives', () => {
    // E|z| of what is left of normal weights after their smallest 60 % are gone: 2φ(t), P(|z| > t) = 0.4.
    const start = startOf(vectors([100, 100, 100], { biases: false, init: 'kaiming' }));
    const wide = createProbe({
      trace: vectors([100, 100, 100], { biases: false, init: 'kaiming' }),
      open: inFloat64,
    });
    const mask = keepLargest(start.map(Math.abs), wide.layout, { pruned: 0.6, scope: 'global' });
    const t = 0.8416212;
    const density0 = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
    const first = 2 * density0 * Math.sqrt(Math.PI / 2);
    const second = Math.sqrt(0.4 + 2 * t * density0);
    expect(scaleToNorm(start, mask, wide.layout, 1).ratio).toBeCloseTo(first, 2);
    expect(scaleToNorm(start, mask, wide.layout, 2).ratio).toBeCloseTo(second, 2);
  });

  it('start anew under another key only', () => {
    const probe = createProbe({ trace: tokens, open: inFloat64 });
    const start = startOf(tokens, 7);
    expect(reinitialise(probe.layout, [7, 0])).toEqual(start);
    const other = reinitialise(probe.layout, [7, 1]);
    const equal = other.filter((value, k) => value !== 0 && value === start[k]);
    expect(equal.length).toBeLessThan(3);
  });
});

describe('rounds', () => {
  it('reach the share asked for, each taking the same part of what is left', () => {
    const shares = sharesOfRounds(0.9, 5);
    expect(shares[4]).toBe(0.9);
    const parts = shares.map((share, k) => (1 - share) / (1 - (shares[k - 1] ?? 0)));
    for (const part of parts) expect(part).toBeCloseTo(0.1 ** 0.2, 12);
    expect(shareAfter(0.5, 0, 3)).toBe(0);
  });

  it('compound what each takes of the survivors, at other rates in some tensors', () => {
    expect(shareOfSurvivors(0.2, 3)).toBeCloseTo(1 - 0.512, 14);
    const rates = ratesAfter(0.2, 3, { out: 0.5 });
    expect(rates.out * shareOfSurvivors(0.2, 3)).toBeCloseTo(1 - 0.9 ** 3, 14);
    expect(ratesAfter(0.2, 0, { out: 0.5 })).toEqual({ out: 0.5 });
  });

  it('refuse shares and rounds that are none', () => {
    expect(() => shareAfter(-0.1, 1, 2)).toThrow('pruned: got -0.1');
    expect(() => shareAfter(0.5, 3, 2)).toThrow('round: got 3 of 2');
  });
});
