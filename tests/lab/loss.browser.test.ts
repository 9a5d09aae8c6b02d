/** Real losses: Chrome's GPU process is killed while a run is under way. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commands } from 'vitest/browser';
import { buildPlan } from '../../src/plan/build';
import { DeviceLost, LimitExceeded } from '../../src/gpu/errors';
import { openGpu, type Gpu } from '../../src/gpu/open';
import { compile } from '../../src/graph/compile';
import { parameter } from '../../src/ops/source';
import { sum } from '../../src/ops/reduce';
import { sgd } from '../../src/optim/sgd';
import { createGraph } from '../../src/graph/node';
import { llc } from '../../src/lab/experiments/llc';
import type { Model } from '../../src/lab/experiments/types';
import { startRun, type Run, type RunUpdate } from '../../src/lab/run';
import { createBlock } from '../../src/plan/phase';
import { classifier } from '../programs/models';
import { testModel } from './model';

/** Enough of them after step 400 for the crash that is asked for there to come in time on a busy machine. */
const STEPS = 1500;

interface Started {
  readonly run: Run;
  readonly updates: RunUpdate[];
}

async function start(
  onRow: (step: number) => void = () => undefined,
  model: Model = testModel({ replicas: 2, steps: STEPS, evaluateEvery: 50 }),
): Promise<Started> {
  const updates: RunUpdate[] = [];
  const run = await startRun({
    model,
    runtime: 'chrome',
    openDevice: () => openGpu(),
    onUpdate(update) {
      updates.push(update);
      if (update.type === 'row') onRow(update.step);
    },
  });
  return { run, updates };
}

/** Moves the clock that decides when a snapshot is due; timers go on as they were. */
function skipTime(milliseconds: number): void {
  const from = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => from() + milliseconds);
}

afterEach(() => void vi.restoreAllMocks());

describe('a lost device', () => {
  it('costs the steps since the last snapshot and nothing else', async () => {
    const whole = await start();
    await whole.run.advanceTo(STEPS);
    const expected = await whole.run.checkpoint();
    const table = whole.run.csv();
    whole.run.dispose();

    const crashes: Promise<void>[] = [];
    const { run, updates } = await start((step) => {
      if (step === 200) skipTime(60_000);
      if (step === 400 && crashes.length === 0) crashes.push(commands.crashGpu());
    });
    expect(await run.advanceTo(STEPS)).toBe(STEPS);
    await Promise.all(crashes);
    const restoring = updates.flatMap((update) => (update.type === 'restoring' ? [update] : []));
    expect(restoring.length).toBe(1);
    expect(restoring[0].step).toBeGreaterThanOrEqual(200);
    expect(restoring[0].step).toBeLessThan(STEPS);
    expect(await run.checkpoint()).toEqual(expected);
    expect(run.csv()).toBe(table);
    const { warnings, events, steps } = run.record();
    expect(warnings).toEqual([`the GPU was reset; resumed from step ${restoring[0].step}`]);
    expect(new Set(events.map(({ name, replica }) => `${name} ${replica}`)).size).toBe(
      events.length,
    );
    expect(steps).toBe(STEPS);
    run.dispose();
  });

  it('costs chains nothing: estimates, diagnostics and traces are those of an undisturbed run', async () => {
    const sampling = (): Model =>
      llc.build(
        llc.parse({
          experiment: 'llc',
          target: { kind: 'linear-network', widths: [3, 3, 3], rank: 1 },
          sampler: { path: 'general', chains: 8, burnin: 100, draws: STEPS - 100, lr: 1e-4 },
        }),
      );
    const whole = await start(undefined, sampling());
    await whole.run.advanceTo(STEPS);
    const expected = await whole.run.files();
    const { results } = whole.run.record();
    whole.run.dispose();

    const crashes: Promise<void>[] = [];
    let skipped = false;
    const { run, updates } = await start((step) => {
      if (step >= 200 && !skipped) skipTime(60_000);
      skipped ||= step >= 200;
      if (step >= 400 && crashes.length === 0) crashes.push(commands.crashGpu());
    }, sampling());
    expect(await run.advanceTo(STEPS)).toBe(STEPS);
    await Promise.all(crashes);
    expect(updates.filter(({ type }) => type === 'restoring').length).toBe(1);
    expect(run.record().results).toEqual(results);
    expect(await run.files()).toEqual(expected);
    run.dispose();
  });

  it('a second time ends the run with the reason, and keeps its data', async () => {
    let losses = 0;
    const { run, updates } = await start((step) => {
      const restored = updates.some(({ type }) => type === 'restoring');
      if (step < 300 || losses > (restored ? 1 : 0)) return;
      losses++;
      void commands.crashGpu();
    });
    const failure = await run.advanceTo(STEPS * 100).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeviceLost);
    expect((failure as DeviceLost).reason).toBe('unknown');
    expect(losses).toBe(2);
    const record = run.record();
    expect(record.warnings).toEqual(['the GPU was reset; resumed from step 0']);
    expect(run.csv().split('\n').length).toBeGreaterThan(5);
    expect((await run.checkpoint()).length).toBeGreaterThan(0);
    run.dispose();
  });

  it('that was destroyed by its owner is not taken for an accident', async () => {
    let device: GPUDevice | null = null;
    let opened = 0;
    const run = await startRun({
      model: testModel({ steps: 1e6 }),
      runtime: 'chrome',
      async openDevice() {
        opened++;
        const gpu = await openGpu();
        device = gpu.device;
        return gpu;
      },
      onUpdate: ({ type }) => void (type === 'row' && device?.destroy()),
    });
    const failure = await run.advanceTo(1e6).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeviceLost);
    expect((failure as DeviceLost).reason).toBe('destroyed');
    expect(opened).toBe(1);
    run.dispose();
  });
});

describe('an error that WebGPU reports late', () => {
  it('latches on the device and surfaces at the next call', async () => {
    const gpu = await openGpu();
    const program = await compile(gpu, classifier());
    await program.advance(1);
    const reported = new Promise((resolve) =>
      gpu.device.addEventListener('uncapturederror', resolve),
    );
    // Chrome looks at a command when others follow: a write, unlike a lone createBuffer, is answered at once.
    const buffer = gpu.device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE });
    gpu.device.queue.writeBuffer(buffer, 0, new Float32Array(4));
    await reported;
    await expect(program.advance(1)).rejects.toThrow(/WebGPU: .*CopyDst/);
    await expect(program.advance(1)).rejects.toThrow(/WebGPU: .*CopyDst/);
    gpu.close();
  });
});

describe('a size beyond the limits', () => {
  async function withCreateSpy(work: (gpu: Gpu) => Promise<unknown>): Promise<unknown> {
    const gpu = await openGpu();
    const create = vi.spyOn(gpu.device, 'createBuffer');
    const failure = await work(gpu).catch((error: unknown) => error);
    expect(create).not.toHaveBeenCalled();
    gpu.close();
    return failure;
  }

  it('is refused before a parameter is drawn, naming how many replicas would fit', async () => {
    const failure = await withCreateSpy((gpu) => {
      const graph = createGraph();
      const side = Math.floor(Math.sqrt(gpu.traits.maxBufferBytes / 16));
      const wide = parameter(graph, 'wide', [side, side], { kind: 'zeros' });
      const loss = sum(wide);
      const keys = Array.from({ length: 9 }, (_, seed) => [seed, 0] as const);
      const update = sgd({ lr: 1 });
      return compile(gpu, { keys, data: {}, training: { loss, metrics: { loss }, update } });
    });
    expect(failure).toBeInstanceOf(LimitExceeded);
    expect((failure as Error).message).toMatch(
      /^9 replicas of \d+ parameters, .* Lower replicas to [34], or/,
    );
  });

  it('is refused before any buffer is made', async () => {
    const failure = await withCreateSpy((gpu) => {
      const block = createBlock(
        'far too much',
        gpu.traits.maxBufferBytes / 4 + 1,
        'persistent',
        'f32',
      );
      return buildPlan(gpu, { phases: [], values: new Map([[block, new Float32Array(0)]]) });
    });
    expect(failure).toBeInstanceOf(LimitExceeded);
    expect((failure as Error).message).toMatch(
      /'far too much': this adapter binds at most .*MiB\. Use fewer replicas/,
    );
  });
});
