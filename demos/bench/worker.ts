/** Measures off the page's thread: a run of benches for each `start`, told as it goes. */
import { runBenches } from '../../benches/run';
import type { Event, Order } from './protocol';

const tell = (event: Event): void => postMessage(event);
let ending = new AbortController();

async function measure(order: Extract<Order, { kind: 'start' }>): Promise<void> {
  ending = new AbortController();
  const { filter, quick, host } = order;
  const { signal } = ending;
  try {
    const report = await runBenches(
      { filter, quick, host, signal, peers: false, runtime: 'chrome', driver: '' },
      {
        progress: (line) => tell({ kind: 'progress', line }),
        measured: (environment, ceilings) => tell({ kind: 'measured', environment, ceilings }),
        started: ({ name }, at, total) => tell({ kind: 'started', name, at, total }),
        finished: (result) => tell({ kind: 'finished', result }),
      },
    );
    tell({ kind: 'done', report });
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

addEventListener('message', ({ data: order }: MessageEvent<Order>) => {
  if (order.kind === 'stop') ending.abort();
  else void measure(order);
});
