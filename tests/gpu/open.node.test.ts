/** Asking for an adapter: quickly answered on a page without one, patiently while the GPU process restarts after a loss. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GpuUnavailable } from '../../src/gpu/errors';
import { openGpu, type Gpu } from '../../src/gpu/open';

interface FakeDevice {
  readonly device: GPUDevice;
  lose(reason: GPUDeviceLostReason): Promise<void>;
}

function fakeDevice(): FakeDevice {
  const ends: ((info: GPUDeviceLostInfo) => void)[] = [];
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => ends.push(resolve));
  const device = {
    ...{ lost, limits: {}, features: new Set() },
    ...{ addEventListener: vi.fn(), removeEventListener: vi.fn(), destroy: vi.fn() },
  } as unknown as GPUDevice;
  return {
    device,
    async lose(reason) {
      ends[0]({ reason, message: 'reset' } as GPUDeviceLostInfo);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

interface FakeGpu extends GPU {
  from: number;
}

/** Offers devices one after the other, from the given time on. */
function fakeGpu(devices: readonly GPUDevice[], from = 0): FakeGpu {
  const left = [...devices];
  const adapter = {
    ...{ limits: {}, features: new Set(), info: {} },
    requestDevice: () => Promise.resolve(left.shift()),
  };
  const gpu = {
    from,
    requestAdapter: () => Promise.resolve(performance.now() >= gpu.from ? adapter : null),
  };
  return gpu as unknown as FakeGpu;
}

async function timed(opening: Promise<Gpu>): Promise<{ gpu: Gpu | Error; milliseconds: number }> {
  const start = performance.now();
  let milliseconds = NaN;
  const end = opening
    .catch((error: Error) => error)
    .finally(() => (milliseconds = performance.now() - start));
  await vi.advanceTimersByTimeAsync(20_000);
  return { gpu: await end, milliseconds };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an adapter', () => {
  it('that is not there is said so in half a second', async () => {
    const { gpu, milliseconds } = await timed(openGpu({ gpu: fakeGpu([], Infinity) }));
    expect(gpu).toBeInstanceOf(GpuUnavailable);
    expect(milliseconds).toBeLessThan(600);
  });

  it('is waited for for five seconds after a loss, until there is a device again', async () => {
    const [first, second] = [fakeDevice(), fakeDevice()];
    const source = fakeGpu([first.device, second.device]);
    const open = (): Promise<Gpu> => openGpu({ gpu: source });
    await timed(open());
    await first.lose('unknown');
    source.from = Infinity;
    const gone = await timed(open());
    expect(gone.gpu).toBeInstanceOf(GpuUnavailable);
    expect(gone.milliseconds).toBeGreaterThan(4500);
    expect(gone.milliseconds).toBeLessThan(5500);
    source.from = performance.now() + 4000;
    const back = await timed(open());
    expect(back.gpu).not.toBeInstanceOf(Error);
    expect(back.milliseconds).toBeLessThan(5500);
    source.from = Infinity;
    expect((await timed(open())).milliseconds).toBeLessThan(600);
  });

  it('is not waited for after a device that was closed on purpose', async () => {
    const only = fakeDevice();
    const source = fakeGpu([only.device]);
    await timed(openGpu({ gpu: source }));
    await only.lose('destroyed');
    source.from = Infinity;
    expect((await timed(openGpu({ gpu: source }))).milliseconds).toBeLessThan(600);
  });
});
