/** Staging buffers beyond the device's limit are refused by name before anything is made. */
import { describe, expect, it } from 'vitest';
import { compileTraining } from '../../src/chip/training/compile';
import { LimitExceeded } from '../../src/gpu/errors';
import type { Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { chainCases } from '../../src/lab/check/chain-cases';
import { trainingCases } from '../../src/lab/check/training-cases';
import { SAMPLER_METRICS } from '../../src/optim/sampler/options';
import { compileChains } from '../../src/slt/chain/compile';

/** Binds anything, makes nothing. */
function deviceOf(maxBufferSize: number): Gpu {
  const refuse = (_: object, name: string): unknown => {
    if (name === 'limits') return { maxBufferSize };
    throw new Error(`made: ${name}`);
  };
  const traits = {
    ...{ barriers: true, maxWorkgroupsPerDimension: 65_535, maxInvocations: 256 },
    ...{ maxWorkgroupBytes: 16_384, maxStorageBuffers: 8, maxBufferBytes: 2 ** 30 },
  };
  return { traits, device: new Proxy({}, { get: refuse }) } as unknown as Gpu;
}

const [{ spec, onChip }] = trainingCases(3);
const [{ spec: chains }] = chainCases(3);
const evaluated = { ...spec, evaluations: { after: { loss: spec.training!.loss } } };

describe.each([
  ['the general path', (gpu: Gpu) => compile(gpu, spec), 256 * 3 * 4 + 16],
  // Three losses come back as four floats, as does every block.
  ['with outputs', (gpu: Gpu) => compile(gpu, evaluated), 256 * 3 * 4 + 16 + 16],
  ['on the chip', (gpu: Gpu) => compileTraining(gpu, spec, onChip), 4096 * 3 * 4 + 16],
  ['chains', (gpu: Gpu) => compileChains(gpu, chains), 4096 * 3 * 4 * SAMPLER_METRICS.length + 16],
] as const)('%s', (_, open, bytes) => {
  it('is refused', async () => {
    const refused = await open(deviceOf(bytes - 1)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LimitExceeded);
    expect(String(refused)).toMatch(
      /of [\d.]+ MiB for .* replicas = 3: .* maxBufferSize of [\d.]+ MiB\. Use fewer replicas/,
    );
  });

  it('is not where it just fits', async () => {
    // The fake has no device to go on with.
    const stopped = await open(deviceOf(bytes)).catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(Error);
    expect(stopped).not.toBeInstanceOf(LimitExceeded);
  });
});
