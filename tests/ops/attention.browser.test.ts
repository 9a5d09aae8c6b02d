/** The kernels that a GPU with cheap barriers would get, and folded grids, on whatever adapter is here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { attentionCases } from '../../src/lab/check/cases/attention';
import { crossEntropyCases } from '../../src/lab/check/cases/cross-entropy';
import { layerNormCases } from '../../src/lab/check/cases/layer-norm';
import { softmaxCases } from '../../src/lab/check/cases/softmax';
import { compareCase, excess } from '../../src/lab/check/compare';
import type { Case } from '../../src/lab/check/types';

let opened: Gpu;
/** As the adapter, but with cheap barriers and at most 20 workgroups along an axis. */
let gpu: Gpu;

beforeAll(async () => {
  opened = await openGpu();
  const traits = { ...opened.traits, barriers: true, maxWorkgroupsPerDimension: 20 };
  gpu = { ...opened, traits };
});

afterAll(() => opened.close());

const cases: readonly Case[] = [
  ...softmaxCases,
  ...crossEntropyCases,
  ...layerNormCases,
  ...attentionCases,
];

describe('row kernels and attention with workgroup memory', () => {
  it.each(cases.map((testCase) => [`${testCase.op}: ${testCase.name}`, testCase] as const))(
    '%s',
    async (_, testCase) => {
      for (const comparison of await compareCase(gpu, testCase, 7)) {
        expect(excess(comparison), JSON.stringify(comparison)).toBeLessThanOrEqual(1);
      }
    },
  );
});
