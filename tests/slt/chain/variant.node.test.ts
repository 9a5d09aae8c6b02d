/** Who runs a chain, by size and adapter; what a spec is refused for. */
import { describe, expect, it } from 'vitest';
import { networkShapes } from '../../../src/lab/check/chain-cases';
import { METHODS, type Method } from '../../../src/optim/sampler/options';
import type { Traits } from '../../../src/plan/types';
import { interpretChains } from '../../../src/slt/chain/interpret';
import { lowerChains } from '../../../src/slt/chain/lower';
import type { ChainSpec } from '../../../src/slt/chain/types';
import { chooseVariant } from '../../../src/slt/chain/variant';
import { buildSpec } from './build';

function traits(barriers: boolean): Traits {
  return {
    barriers,
    maxWorkgroupsPerDimension: 65_535,
    maxInvocations: 256,
    maxWorkgroupBytes: 16_384,
    maxStorageBuffers: 8,
    maxBufferBytes: 2 ** 30,
  };
}

function linearNetwork(width: number, method: Method = 'hmc', chains = 64): ChainSpec {
  const widths = [width, width, width];
  return buildSpec({
    target: { kind: 'linear-network', widths, truth: new Float32Array(width * width) },
    shapes: networkShapes(widths, false),
    chains,
    sampler: { method, lr: 1e-3 },
    rowEvery: 10,
  });
}

it('a submit of many chains holds more steps on a GPU', () => {
  const rows = (barriers: boolean, chains: number): number =>
    lowerChains(traits(barriers), linearNetwork(5, 'sgld', chains)).capacity;
  expect([rows(true, 1024), rows(false, 1024)]).toEqual([341, 85]);
  expect([rows(true, 1), rows(false, 1)]).toEqual([4096, 4096]);
});

describe('the variant', () => {
  it('is a lane on software adapters, and where chains are many', () => {
    expect(chooseVariant(traits(false), linearNetwork(5))).toMatchObject({
      variant: 'lane',
      team: 1,
    });
    expect(chooseVariant(traits(true), linearNetwork(5))).toMatchObject({ variant: 'team' });
    expect(chooseVariant(traits(true), linearNetwork(2, 'sgld', 10_000)).variant).toBe('lane');
  });

  it('stays within the limits for every method and size, or says why it is none', () => {
    for (const adapter of [traits(false), traits(true)]) {
      for (const method of METHODS) {
        for (let width = 1; width <= 48; width++) {
          const spec = linearNetwork(width, method);
          const chosen = chooseVariant(adapter, spec);
          if (chosen.variant === null) {
            expect(2 * width * width * 4 * 2, `${width}, ${method}`).toBeGreaterThan(6000);
            expect(chosen.reason).toMatch(/KiB under .*: general path/);
            continue;
          }
          expect(chosen.bytes).toBeLessThanOrEqual(adapter.maxWorkgroupBytes);
          expect(chosen.workgroup).toBe(chosen.chains * chosen.team);
          expect(chosen.workgroup).toBeLessThanOrEqual(adapter.maxInvocations);
          expect(Math.log2(chosen.team) % 1).toBe(0);
        }
      }
    }
  });
});

describe('what cannot be is refused in one line', () => {
  const spec = linearNetwork(3);
  const refused: [string, ChainSpec, RegExp][] = [
    ['too large', linearNetwork(60), /on-chip chains: a chain of 7200 parameters .*general path/],
    ['rows within a trajectory', { ...spec, rowEvery: 15 }, /rowEvery: got 15 .*Use 20/],
    ['a start of another length', { ...spec, start: new Float32Array(3) }, /start: 3 values/],
    ['no chains', { ...spec, keys: [] }, /keys: got 0 chains/],
    ['another layout', { ...spec, layout: linearNetwork(4).layout }, /got 24 values|tensors of/],
    ['ε of zero', { ...spec, sampler: { ...spec.sampler, lr: 0 } }, /lr: got 0/],
    ['two baselines for 64 chains', { ...spec, baseline: [0, 0] }, /baseline: got 2 values/],
  ];
  it.each(refused)('%s', (_, given, message) => {
    expect(() => lowerChains(traits(false), given)).toThrow(message);
    // What fits no chip is fine in float64.
    if (!/general path/.test(message.source)) expect(() => interpretChains(given)).toThrow(message);
  });
});
