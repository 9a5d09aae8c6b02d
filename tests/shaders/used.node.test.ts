/**
 * The override sets that are really used: every parity case, optimiser and preset is lowered for a GPU and for a software
 * adapter, and each (shader, overrides) pair that comes out is compiled by Dawn's null backend.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fitTraining } from '../../src/chip/training/fit';
import { lowerTraining } from '../../src/chip/training/lower';
import { pipelineKey } from '../../src/gpu/pipelines';
import type { Shader } from '../../src/gpu/shader';
import { lowerProgram } from '../../src/graph/lower-program';
import type { ProgramSpec } from '../../src/graph/program';
import { allCases } from '../../src/lab/check/cases';
import { chainCases } from '../../src/lab/check/chain-cases';
import { CHAIN_VARIANTS } from '../../src/lab/check/chains';
import { buildCase } from '../../src/lab/check/compare';
import { optimizerSpecs } from '../../src/lab/check/optimizers';
import { halfCases, PRODUCT_VARIANTS, productCases, variantOf } from '../../src/lab/check/products';
import { samplerSpecs } from '../../src/lab/check/samplers';
import { trainingCases } from '../../src/lab/check/training-cases';
import { presets } from '../../src/lab/experiments';
import type { Case } from '../../src/lab/check/types';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import { trainingSpec } from '../../src/lab/drivers/training';
import type { Traits } from '../../src/plan/types';
import { withProducts } from '../../src/tune/force';
import { lowerChains } from '../../src/slt/chain/lower';
import { compile, openNullDevice, type NullDevice } from './dawn-null';

const GIB = 2 ** 30;
const adapters: Readonly<Record<string, Traits>> = {
  'a GPU': traits(true),
  'a software adapter': { ...traits(false), subgroup: 4 },
  'a software adapter without subgroups': traits(false),
};

/** Default limits, but for the size of buffers. */
function traits(barriers: boolean): Traits {
  return {
    barriers,
    maxWorkgroupsPerDimension: 65_535,
    maxInvocations: 256,
    maxWorkgroupBytes: 16_384,
    maxStorageBuffers: 8,
    maxBufferBytes: 2 * GIB,
  };
}

function specOf(testCase: Case): [name: string, spec: ProgramSpec] {
  const { outputs, values } = buildCase(testCase, 1);
  const keys = [0, 1, 2].map((lane) => [1, lane] as const);
  const name = `${testCase.op}: ${testCase.name}`;
  return [name, { keys, data: values, evaluations: { case: outputs } }];
}

function* specs(): Generator<[name: string, spec: ProgramSpec]> {
  for (const testCase of allCases) yield specOf(testCase);
  yield* optimizerSpecs();
  yield* samplerSpecs();
  for (const { name, config } of presets) {
    if ((config as { experiment: string }).experiment !== modularAddition.name) continue;
    for (const forward of ['cheap', 'full']) {
      const given = config as { network?: object };
      const whole = { ...given, network: { ...given.network, forward } };
      const model = modularAddition.build(modularAddition.parse(whole));
      yield [`${name}, ${forward}`, trainingSpec(model)];
    }
  }
}

let dawn: NullDevice | undefined;
beforeAll(async () => {
  dawn = await openNullDevice();
});
afterAll(() => {
  dawn?.device.destroy();
  dawn = undefined;
});

it.each(Object.keys(adapters))(
  'every kernel that %s is given compiles without a message',
  async (adapter) => {
    const used = new Map<
      string,
      { shader: Shader; overrides: Record<string, number>; by: string }
    >();
    for (const [by, spec] of specs()) {
      for (const { dispatches } of lowerProgram(adapters[adapter], spec).phases) {
        for (const { shader, overrides } of dispatches) {
          const key = pipelineKey(shader, overrides);
          if (!used.has(key)) used.set(key, { shader, overrides: { ...overrides }, by });
        }
      }
    }
    expect(used.size).toBeGreaterThan(100);
    for (const [key, { shader, overrides, by }] of used) {
      expect(await compile(dawn!.device, shader, [overrides]), `${key} of ${by}`).toEqual([]);
    }
  },
);

it.each([4, 8, 32, 64])(
  'every kernel for products compiles without a message where features are granted, subgroups of %i',
  async (subgroup) => {
    const able = { ...traits(true), subgroup, half: true };
    const used = new Set<string>();
    const check = async (given: Traits, testCase: Case): Promise<void> => {
      const [by, spec] = specOf(testCase);
      for (const { shader, overrides } of lowerProgram(given, spec).phases[0].dispatches) {
        const key = pipelineKey(shader, overrides);
        if (used.has(key)) continue;
        used.add(key);
        const problems = await compile(dawn!.device, shader, [{ ...overrides }]);
        expect(problems, `${key} of ${by}`).toEqual([]);
      }
    };
    for (const variant of PRODUCT_VARIANTS) {
      const given = withProducts(able, variantOf(variant, able));
      for (const testCase of productCases(variant)) await check(given, testCase);
    }
    for (const barriers of [true, false])
      for (const testCase of halfCases()) await check({ ...able, barriers }, testCase);
    const kinds = ['tiled-', 'registers-', 'quads(', 'subgroups-'].map((body) => `matmul/${body}`);
    for (const kind of [...kinds, 'matmul/pack-half'])
      expect(
        [...used].some((key) => key.startsWith(kind)),
        kind,
      ).toBe(true);
    expect([...used].filter((key) => key.includes('-half')).length).toBeGreaterThan(4);
  },
);

it.each(Object.keys(adapters))(
  'every kernel of on-chip chains that %s is given compiles without a message',
  async (adapter) => {
    for (const variant of CHAIN_VARIANTS) {
      for (const { name, spec } of chainCases()) {
        for (const { shader, overrides } of lowerChains(adapters[adapter], spec, variant).phase
          .dispatches) {
          const problems = await compile(dawn!.device, shader, [overrides]);
          expect(problems, `${shader.name}, ${variant}, of ${name}`).toEqual([]);
        }
      }
    }
  },
);

it.each(Object.keys(adapters))(
  'every kernel of on-chip training that %s is given compiles without a message',
  async (adapter) => {
    for (const variant of CHAIN_VARIANTS) {
      for (const { name, spec, onChip } of trainingCases()) {
        const fitted = fitTraining(adapters[adapter], spec, onChip, variant);
        if ('reason' in fitted) throw new Error(`${name}: ${fitted.reason}`);
        const { phases } = lowerTraining(adapters[adapter], spec, onChip, fitted, 1);
        for (const { shader, overrides } of phases.flatMap(({ dispatches }) => dispatches)) {
          const problems = await compile(dawn!.device, shader, [overrides]);
          expect(problems, `${shader.name}, ${variant}, of ${name}`).toEqual([]);
        }
      }
    }
  },
);
