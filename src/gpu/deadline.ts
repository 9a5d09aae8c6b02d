/** No await on the GPU may hang: each races the loss of the device and a clock. */
import { LimitExceeded, type DeviceLost } from './errors';
import type { Gpu } from './open';

/** Far beyond any sane submit (Chrome's own watchdog is about ten seconds), software adapters included. */
export const DEADLINE_MS = 120_000;

/** Who waits for a device, and its loss once it is lost. */
interface Watch {
  readonly waiting: Set<(error: DeviceLost) => void>;
  loss: DeviceLost | null;
}

const watches = new WeakMap<Gpu, Watch>();

/**
 * One handler per device, however long it lives: a promise that stays pending keeps every handler, and all that the
 * handler refers to, which here would be every result ever read back.
 */
function watch(gpu: Gpu): Watch {
  const known = watches.get(gpu);
  if (known) return known;
  const made: Watch = { waiting: new Set(), loss: null };
  watches.set(gpu, made);
  void gpu.lost.then((error) => {
    made.loss = error;
    for (const reject of made.waiting) reject(error);
    made.waiting.clear();
  });
  return made;
}

/**
 * The value of `promise`, or throws `DeviceLost` when the device goes first, `LimitExceeded` after `milliseconds`.
 */
export async function withDeadline<T>(
  gpu: Gpu,
  what: string,
  promise: Promise<T>,
  milliseconds = DEADLINE_MS,
): Promise<T> {
  const device = watch(gpu);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onLoss: ((error: DeviceLost) => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    onLoss = reject;
    device.waiting.add(onLoss);
    if (device.loss) reject(device.loss);
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
  try {
    // A rejection of the promise itself may be only the first sign of a loss: let the loss speak first.
    return await Promise.race([promise, stopped]);
  } catch (error) {
    await Promise.resolve();
    gpu.check();
    throw error;
  } finally {
    clearTimeout(timer);
    if (onLoss) device.waiting.delete(onLoss);
  }
}
