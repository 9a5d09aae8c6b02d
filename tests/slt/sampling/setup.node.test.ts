/** Masks, subspaces, starts, keys and what is refused before a chain is made. */
import { describe, expect, it } from 'vitest';
import { layOutParameters } from '../../../src/graph/layout';
import { createGraph } from '../../../src/graph/node';
import { buildTarget } from '../../../src/lab/experiments/llc-target';
import { transformer } from '../../../src/nn/transformer';
import { freezeElements, selectElements } from '../../../src/slt/sampling/mask';
import { openSampling } from '../../../src/slt/sampling/open';
import { setUpSampling } from '../../../src/slt/sampling/setup';
import { subspaceBasis } from '../../../src/slt/sampling/subspace';
import { parseTarget } from '../targets/targets';

const graph = createGraph();
transformer(graph, { tokens: 5, positions: 3, classes: 5, width: 8, heads: 2, hidden: 6 });
const layout = layOutParameters(graph);
const named = (mask: Float32Array): string[] =>
  layout.places
    .filter(({ offset, size }) => mask.subarray(offset, offset + size).some((one) => one === 1))
    .map(({ name }) => name);
const count = (mask: Float32Array): number => mask.reduce((sum, one) => sum + one, 0);

describe('a mask', () => {
  it('of nothing samples all, but for padding', () => {
    expect(count(selectElements(layout, null))).toBe(layout.count);
  });

  it('takes names, beginnings of names and ranges', () => {
    expect(named(selectElements(layout, ['embed']))).toEqual(['embed.weight']);
    const mlp = named(selectElements(layout, ['blocks.0.mlp']));
    expect(mlp.length).toBeGreaterThan(1);
    expect(mlp.every((name) => name.startsWith('blocks.0.mlp.'))).toBe(true);
    expect(count(selectElements(layout, ['embed.weight[3:10]']))).toBe(7);
    expect(count(selectElements(layout, ['embed.weight[3]']))).toBe(1);
    expect(count(selectElements(layout, ['embed.weight[38:]']))).toBe(2);
    expect(count(selectElements(layout, ['embed.weight[0:3]', 'embed.weight[1:4]']))).toBe(4);
  });

  it('takes a head: rows of query, key and value, columns of out', () => {
    const both = [0, 1].map((head) => selectElements(layout, [`blocks.0.attn.head.${head}`], 2));
    const attention = selectElements(layout, ['blocks.0.attn']);
    both[0].forEach((one, i) => {
      expect(one * both[1][i]).toBe(0);
      expect(one + both[1][i]).toBe(attention[i]);
    });
    const query = layout.places.find(({ name }) => name === 'blocks.0.attn.query.weight')!;
    const out = layout.places.find(({ name }) => name === 'blocks.0.attn.out.weight')!;
    expect([...both[1].subarray(query.offset, query.offset + 8)]).toEqual(new Array(8).fill(0));
    expect([...both[1].subarray(out.offset, out.offset + 8)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it.each([
    [['nothing'], /sampler.mask: no parameter is named like nothing/],
    [['embed.weight[0:41]'], /range \[0:41\]: embed.weight has elements 0 to 39/],
    [['embed.weight[5:5]'], /range/],
    [['embed.weight[x]'], /range/],
    [['blocks.0.attn.head.2'], /no head 2: the network has heads 0 to 1/],
  ])('refuses %j', (selectors, message) => {
    expect(() => selectElements(layout, selectors, 2)).toThrow(message);
  });

  it('loses what a point freezes', () => {
    const mask = selectElements(layout, null);
    freezeElements(mask, layout, { 'embed.weight': [0, 5] });
    expect(count(mask)).toBe(layout.count - 2);
  });
});

describe('a subspace', () => {
  it('has orthonormal columns on the sampled elements', () => {
    const mask = selectElements(layout, ['embed', 'unembed']);
    const basis = subspaceBasis(mask, 5, 1);
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b < 5; b++) {
        let dot = 0;
        for (let i = 0; i < mask.length; i++) dot += basis[i * 5 + a] * basis[i * 5 + b];
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
    basis.forEach((value, at) => {
      if (mask[Math.floor(at / 5)] === 0) expect(value).toBe(0);
    });
  });

  it('of a quadratic has the λ̂ of its dimension', async () => {
    const config = parseTarget(
      { kind: 'quadratic', eigenvalues: new Array(12).fill(1) },
      { subspace: 4, method: 'hmc', lr: 0.01, chains: 16, burnin: 20, draws: 200 },
    );
    const { target } = buildTarget(config, {});
    const groups = [{ point: 0, lr: 0.01, localization: 1, nbeta: 100 }];
    const setup = setUpSampling(target, { ...config.sampler, seed: 0, heads: null }, groups);
    const { program } = await openSampling(null, setup, { prefer: 'auto', observe: false });
    const { rows } = await program.advance(setup.steps);
    let sum = 0;
    let draws = 0;
    for (let row = 20; row < setup.rows; row++) {
      for (let chain = 0; chain < 16; chain++) {
        sum += rows[row * setup.every * 12 * 16 + chain];
        draws++;
      }
    }
    // ½·4·100/101, and 3,200 draws of a χ² with 4 degrees of freedom: standard error 0.025 at worst.
    expect(Math.abs((100 * sum) / draws - 1.98)).toBeLessThan(0.1);
  });
});

describe('what is refused', () => {
  it.each([
    [{ batchSize: 5 }, {}, /sampler.batchSize: got 5: a population loss has no samples/],
    [{ method: 'hmc', noiseLevel: 2 }, {}, /sampler.noiseLevel/],
    [{ controlVariate: true }, {}, /sampler.controlVariate/],
    [{ subspace: 5 }, {}, /sampler.subspace/],
    [{ mask: ['v'] }, {}, /sampler.mask/],
    [{ chains: 65_536, draws: 1e8 }, {}, /sampler.draws, sampler.chains/],
    [
      { chains: 65_536, draws: 2, burnin: 0 },
      { kind: 'linear-network', widths: [100, 100, 100] },
      /65536 chains of 20000 parameters \(sampler.chains/,
    ],
    [
      { method: 'mala', batchSize: 2 },
      { kind: 'relu', widths: [2, 2, 2], samples: 4 },
      /exact sampler/,
    ],
    [{ batchSize: 5 }, { kind: 'relu', widths: [2, 2, 2], samples: 4 }, /there are 4 samples/],
  ])('%j', (sampler, target, message) => {
    const config = parseTarget(target, sampler);
    const { target: built } = buildTarget(config, {});
    const groups = [{ point: 0, lr: 1e-4, localization: 1, nbeta: 10 }];
    expect(() => setUpSampling(built, { ...config.sampler, seed: 0, heads: null }, groups)).toThrow(
      message,
    );
  });
});
