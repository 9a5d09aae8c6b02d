/** How many launches a step takes: what small networks wait for. The numbers that `lab run PRESET --plan` prints. */
import { describe, expect, it } from 'vitest';
import { lowerProgram } from '../../src/graph/lower-program';
import { trainingSpec } from '../../src/lab/drivers/training';
import { findPreset } from '../../src/lab/experiments';
import { modularAddition } from '../../src/lab/experiments/modular-addition';
import type { Traits } from '../../src/plan/types';

/** As SwiftShader's. */
const software: Traits = {
  barriers: false,
  maxWorkgroupsPerDimension: 65_535,
  maxInvocations: 256,
  maxWorkgroupBytes: 16_384,
  maxStorageBuffers: 8,
  maxBufferBytes: 2 ** 31,
  subgroup: 4,
};

const PRESETS = [
  'modular-addition.paper',
  'modular-addition.transformer',
  'modular-addition.quick',
];

describe.each(PRESETS)('a step of %s is at most 20 launches', (name) => {
  it.each([
    ['software adapters', software],
    ['GPUs', { ...software, barriers: true }],
  ])('on %s', (_, traits) => {
    const model = modularAddition.build(modularAddition.parse(findPreset(name).config));
    const [step] = lowerProgram(traits, trainingSpec(model)).phases;
    const labels = step.dispatches.map(({ label }) => label);
    expect(labels.length, labels.join('\n')).toBeLessThanOrEqual(20);
  });
});
