/** No await on the GPU may hang: each races the loss of the device and a clock. */
import { LimitExceeded } from './errors';
import type { Gpu } from './open';

/** Far beyond any sane submit (Chrome's own watchdog is about ten seconds), software adapters included. */
export const DEADLINE_MS = 120_000;

/**
 * The value of `promise`, or throws `DeviceLost` when the device goes first, `LimitExceeded` after `milliseconds`.
 */
export async function withDeadline<T>(
  gpu: Gpu,
  what: string,
  promise: Promise<T>,
  milliseconds = DEADLINE_MS,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new LimitExceeded({
          asked: what,
          limit: `no answer from the GPU in ${milliseconds / 1000} s`,
          remedy: 'Reload; if it happens again, use a smaller network or fewer replicas',
        }),
      );
    }, milliseconds);
  });
  const lost = gpu.lost.then((error) => Promise.reject(error));
  try {
    // A rejection of the promise itself may be only the first sign of a loss: let the loss speak first.
    return await Promise.race([promise, lost, late]);
  } catch (error) {
    await Promise.resolve();
    gpu.check();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
