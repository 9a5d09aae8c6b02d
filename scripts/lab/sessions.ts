/** A session in the runtime that was asked for: the same messages whichever it is. */
import type { FromWorker, ToWorker } from '../../src/lab/protocol';
import { createSession } from '../../src/lab/session';
import { fromBase64, readFiles, toBase64, writeFiles } from './base64';
import { withChrome } from './chrome';
import { tune } from '../../src/tune/tune';
import { openNodeGpu } from './node';
import type { Wire } from './page/main';
import { fileStore } from './tuning-store';
import type { Runtime } from './usage';

export type Receive = (message: FromWorker) => void;

/** Opens a session, gives `work` the way to talk to it, and closes all when `work` ends. */
export async function withSession<T>(
  runtime: Runtime,
  receive: Receive,
  work: (post: (message: ToWorker) => void) => Promise<T>,
): Promise<T> {
  if (runtime === 'chrome') return inChrome(receive, work);
  const post = createSession({
    runtime,
    openDevice: openNodeGpu,
    tune: (gpu, specs, measure) => tune(gpu, specs, { store: fileStore(), measure }),
    send: receive,
  });
  try {
    return await work((message) =>
      post(message.type === 'open' ? { ...message, cpu: runtime === 'cpu' } : message),
    );
  } finally {
    post({ type: 'close' });
  }
}

function inChrome<T>(
  receive: Receive,
  work: (post: (message: ToWorker) => void) => Promise<T>,
): Promise<T> {
  return withChrome(async (page) => {
    await page.exposeFunction(
      'receiveMessage',
      ({ bytes64, files64, ...message }: Wire<FromWorker>) => {
        if (message.type !== 'checkpoint') return receive(message);
        const files = readFiles(files64);
        receive({ ...message, bytes: fromBase64(bytes64 ?? '').buffer, files });
      },
    );
    await page.evaluate(() => globalThis.lab.start());
    return work((message) => {
      let wire: Wire<ToWorker> = message;
      if (message.type === 'open') {
        const { checkpoint, files, ...rest } = message;
        wire = {
          ...rest,
          ...(checkpoint && { checkpoint64: toBase64(new Uint8Array(checkpoint)) }),
          files64: writeFiles(files),
        };
      }
      page
        .evaluate((given) => globalThis.lab.post(given), wire)
        .catch((error: unknown) => {
          receive({ type: 'error', kind: 'Error', message: `the page is gone: ${String(error)}` });
        });
    });
  });
}
