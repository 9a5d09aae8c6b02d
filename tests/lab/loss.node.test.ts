/** Deadlines and losses with a device made up for the purpose; the real thing is in loss.browser.test.ts. */
import { describe, expect, it, vi } from 'vitest';
import { withDeadline } from '../../src/gpu/deadline';
import { DeviceLost, LimitExceeded } from '../../src/gpu/errors';
import type { Gpu } from '../../src/gpu/open';

interface FakeGpu {
  readonly gpu: Gpu;
  lose(reason: string): DeviceLost;
}

function fakeGpu(): FakeGpu {
  let latched: Error | null = null;
  let settle: (error: DeviceLost) => void = () => undefined;
  const lost = new Promise<DeviceLost>((resolve) => (settle = resolve));
  const gpu = {
    lost,
    check() {
      if (latched) throw latched;
    },
  } as Gpu;
  return {
    gpu,
    lose(reason) {
      const error = new DeviceLost(reason, 'gone');
      latched = error;
      settle(error);
      return error;
    },
  };
}

const never = new Promise<never>(() => undefined);

describe('withDeadline', () => {
  it('passes on the value and the error of the promise', async () => {
    const { gpu } = fakeGpu();
    expect(await withDeadline(gpu, 'reading', Promise.resolve(3))).toBe(3);
    await expect(withDeadline(gpu, 'reading', Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
  });

  it('gives up after its time, saying what it waited for', async () => {
    const { gpu } = fakeGpu();
    const failure = await withDeadline(gpu, 'running steps', never, 20).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(LimitExceeded);
    expect((failure as Error).message).toMatch(
      /^running steps: no answer from the GPU in 0.02 s\. /,
    );
  });

  it('ends at once when the device goes, before and during the wait', async () => {
    const { gpu, lose } = fakeGpu();
    const waiting = withDeadline(gpu, 'running steps', never);
    const error = lose('unknown');
    await expect(waiting).rejects.toBe(error);
    await expect(withDeadline(gpu, 'running steps', never)).rejects.toBe(error);
  });

  it('lets the loss speak when the promise is only its first sign', async () => {
    const { gpu, lose } = fakeGpu();
    const error = lose('unknown');
    const map = Promise.reject(new DOMException('mapping was aborted', 'AbortError'));
    await expect(withDeadline(gpu, 'reading', map)).rejects.toBe(error);
  });

  it('leaves nothing behind on a device that lives long', async () => {
    const { gpu } = fakeGpu();
    const then = vi.spyOn(gpu.lost, 'then');
    const clear = vi.spyOn(globalThis, 'clearTimeout');
    for (let k = 0; k < 100; k++) await withDeadline(gpu, 'running steps', Promise.resolve(k));
    expect(then).toHaveBeenCalledTimes(1);
    expect(clear.mock.calls.length).toBeGreaterThanOrEqual(100);
    vi.restoreAllMocks();
  });
});
