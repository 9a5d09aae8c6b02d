/** What a session has said, for those who wait for messages of one kind. */
import type { FromWorker } from '../../src/lab/protocol';

type Kind = FromWorker['type'];
type Of<K extends Kind> = Extract<FromWorker, { type: K }>;

const KEPT: readonly Kind[] = ['opened', 'status', 'error', 'record', 'checkpoint'];

export interface Inbox {
  put(message: FromWorker): void;
  /** The next message of one of these kinds that nobody else has taken. */
  next<K extends Kind>(...kinds: K[]): Promise<Of<K>>;
  /** One that is there already, else null. */
  take<K extends Kind>(kind: K): Of<K> | null;
}

export function createInbox(): Inbox {
  const waiting: { kinds: readonly Kind[]; resolve: (message: FromWorker) => void }[] = [];
  const unread: FromWorker[] = [];

  function take<K extends Kind>(...kinds: K[]): Of<K> | null {
    const at = unread.findIndex(({ type }) => (kinds as Kind[]).includes(type));
    return at < 0 ? null : (unread.splice(at, 1)[0] as Of<K>);
  }

  return {
    put(message) {
      if (message.type === 'error' && waiting.length > 0) {
        // Whoever waits, for whatever, must hear of it.
        for (const { resolve } of waiting.splice(0)) resolve(message);
        return;
      }
      const at = waiting.findIndex(({ kinds }) => kinds.includes(message.type));
      if (at >= 0) waiting.splice(at, 1)[0].resolve(message);
      else if (KEPT.includes(message.type)) unread.push(message);
    },
    take,
    next<K extends Kind>(...kinds: K[]) {
      const there = take(...kinds);
      if (there) return Promise.resolve(there);
      return new Promise<Of<K>>((resolve) => {
        waiting.push({ kinds, resolve: resolve as (message: FromWorker) => void });
      });
    },
  };
}

/** Null when the run reached its end, else what stopped it. */
export async function untilStopped(
  inbox: Inbox,
): Promise<{ readonly kind: string; readonly message: string } | null> {
  for (;;) {
    const message = await inbox.next('status', 'error');
    if (message.type === 'error') return message;
    const { status, detail, step } = message;
    switch (status) {
      case 'done':
        return null;
      case 'paused':
        return { kind: 'Interrupted', message: `stopped at step ${step}` };
      case 'failed':
      case 'diverged':
        // The error itself comes behind; one who asked for a record meanwhile may have been given it.
        return inbox.take('error') ?? { kind: 'Error', message: detail };
    }
  }
}
