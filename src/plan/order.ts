/**
 * What goes to the device goes in the order in which it was asked for, whatever one of them waits for: submits, of which two may be in
 * flight, and what is read or written between them.
 */
export interface Order {
  /**
   * Calls `send`, which gives the device more to do, behind all that was asked for so far and behind `when`: at once where nothing is
   * waited for. What is asked for next goes out behind the call, and does not wait for what `send` promises.
   */
  inOrder<T>(send: () => T | Promise<T>, when?: () => Promise<unknown>): T | Promise<T>;
  /** Whether a submit must wait for a place. */
  full(): boolean;
  /** Waits for one. */
  place(): Promise<void>;
  /** Takes a place until the end of a submit. */
  take(end: Promise<unknown>): void;
}

export const IN_FLIGHT = 2;

export function createOrder(): Order {
  const inFlight: Promise<unknown>[] = [];
  let turn: Promise<void> = Promise.resolve();
  let waiting = 0;
  const full = (): boolean => inFlight.length >= IN_FLIGHT;

  async function queue<T>(send: () => T | Promise<T>, when?: () => Promise<unknown>): Promise<T> {
    const before = turn;
    let goOn = (): void => undefined;
    turn = new Promise((resolve) => (goOn = resolve));
    waiting++;
    try {
      await before;
      await when?.();
      return send();
    } finally {
      waiting--;
      goOn();
    }
  }

  return {
    inOrder: (send, when) => (waiting === 0 && !when ? send() : queue(send, when)),
    full,
    async place() {
      while (full()) await inFlight[0].catch(() => undefined);
    },
    take(end) {
      const done: Promise<unknown> = end.finally(() => inFlight.splice(inFlight.indexOf(done), 1));
      done.catch(() => undefined);
      inFlight.push(done);
    },
  };
}
