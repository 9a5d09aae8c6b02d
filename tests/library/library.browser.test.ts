import { expect, it, vi } from 'vitest';
import * as cusp from '../../src/index';

it('trains the network of the README on the device', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await import('./mlp.example');
    const losses = log.mock.calls[0][0] as number[];
    expect(losses.length).toBe(4);
    for (const loss of losses) expect(loss).toBeLessThan(0.01);
    expect(new Set(losses).size).toBe(4);
  } finally {
    log.mockRestore();
  }
});

it('estimates the learning coefficient of the README on the device', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await import('./llc.example');
    const [said, exactly] = log.mock.calls[0] as [string, string];
    const [, value, error] = /^λ̂ = ([\d.]+) ± ([\d.]+) \(nβ = 1000\)$/.exec(said)!;
    expect(exactly).toMatch(/^exactly 0.3902/);
    expect(Math.abs(Number(value) - 0.3903)).toBeLessThan(5 * Number(error));
    expect(Number(error)).toBeLessThan(0.02);
  } finally {
    log.mockRestore();
  }
});

/** y = 2x + 1 from eight points. */
function line(): cusp.ProgramSpec {
  const graph = cusp.createGraph();
  const x = cusp.data(graph, 'x', [8, 1]);
  const y = cusp.data(graph, 'y', [8, 1]);
  const slope = cusp.parameter(graph, 'slope', [1, 1], { kind: 'zeros' });
  const start = cusp.parameter(graph, 'start', [1], { kind: 'zeros' });
  const loss = cusp.meanSquaredError(cusp.add(cusp.matmul(x, slope), start), y);
  const xs = Float32Array.from({ length: 8 }, (_, k) => k / 4 - 1);
  return {
    keys: [[0, 0]],
    data: { x: xs, y: xs.map((value) => 2 * value + 1) },
    training: { loss, metrics: { loss }, update: cusp.sgd({ lr: 0.3 }) },
  };
}

it('works on a device that it borrows, and never destroys it', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const destroy = vi.spyOn(device, 'destroy');
  let lost = false;
  void device.lost.then(() => (lost = true));

  const gpu = await cusp.openGpu({ device });
  expect(gpu.device).toBe(device);
  expect(gpu.adapter.fallback).toBe(
    adapter!.info.isFallbackAdapter || /swiftshader/i.test(adapter!.info.architecture),
  );
  const program = await cusp.compile(gpu, line());
  const { loss } = await cusp.train(program, 200);
  expect(loss[0]).toBeLessThan(1e-6);
  const { parameters } = await program.save();
  expect(parameters[0]).toBeCloseTo(2, 3);
  program.dispose();
  gpu.close();

  expect(destroy).not.toHaveBeenCalled();
  device.pushErrorScope('validation');
  const buffer = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(buffer, 0, new Float32Array(4));
  await device.queue.onSubmittedWorkDone();
  expect(await device.popErrorScope()).toBeNull();
  expect(lost).toBe(false);
  device.destroy();
});

it('takes the same steps in float64 without a device', async () => {
  const program = cusp.interpret(line());
  const { loss } = await cusp.train(program, 200);
  expect(loss[0]).toBeLessThan(1e-6);
});
