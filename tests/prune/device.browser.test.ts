/** Probes on the device against float64, and training under masks there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { applyMask, createProbe, drawMask, type TraceProbed } from '../../src/prune';
import { masked, updates } from './masked';
import { attending, distance, inFloat64, startOf, tokens, vectors } from './models';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu();
});
afterAll(() => gpu?.close());

describe.each([
  ['tokens', tokens],
  ['vectors', vectors([20, 16, 10])],
  ['attention', attending],
])('a probe of %s', (_, trace: TraceProbed) => {
  it('gives the gradients and Hessian products of float64', async () => {
    const device = createProbe({ trace, open: (spec) => compile(gpu, spec) });
    const exact = createProbe({ trace, open: inFloat64 });
    const parameters = startOf(trace);
    for (const of of ['loss', 'tempered', 'flow'] as const) {
      const found = await device.gradients(of, parameters);
      expect(distance(found, await exact.gradients(of, parameters)), of).toBeLessThan(1e-5);
    }
    const vector = await exact.gradients('tempered', parameters);
    const product = await device.hessianProduct(parameters, vector);
    const bound = device.curvature === 'exact' ? 1e-5 : 1e-3;
    expect(distance(product, await exact.hessianProduct(parameters, vector))).toBeLessThan(bound);
    device.dispose();
    exact.dispose();
  });
});

it('draws nearly the masks of float64, one exchange in a hundred at most', async () => {
  const parameters = startOf(tokens);
  const probes = [
    createProbe({ trace: tokens, open: (spec) => compile(gpu, spec) }),
    createProbe({ trace: tokens, open: inFloat64 }),
  ];
  for (const method of ['snip', 'grasp', 'synflow', 'synflow-100'] as const) {
    const [a, b] = await Promise.all(
      probes.map((probe) =>
        drawMask({
          method,
          layout: probe.layout,
          parameters,
          probe: () => probe,
          pruned: 0.6,
          rounds: 10,
        }),
      ),
    );
    const other = a.mask.filter((bit, k) => bit !== b.mask[k]).length;
    expect(other / a.mask.length, method).toBeLessThan(0.01);
  }
  for (const probe of probes) probe.dispose();
});

describe.each(Object.entries(updates))('training under masks, %s', (_, update) => {
  it('holds masked weights at exactly 0 over 100 steps, and gives masks side by side the bits of masks alone', async () => {
    const run = async (lanes: readonly number[]) => {
      const { spec, masks } = masked(lanes, update());
      const program = await compile(gpu, spec);
      await program.advance(100);
      const saved = await program.save();
      program.dispose();
      return { ...saved, masks };
    };
    const together = await run([0, 1, 2]);
    for (const values of [together.parameters, ...Object.values(together.state)]) {
      expect(values).toEqual(applyMask(values, together.masks));
    }
    for (const lane of [0, 1, 2]) {
      const { parameters } = await run([lane]);
      const size = parameters.length;
      expect(together.parameters.subarray(lane * size, (lane + 1) * size)).toEqual(parameters);
      expect(parameters.some((value) => value !== 0)).toBe(true);
    }
  });
});
