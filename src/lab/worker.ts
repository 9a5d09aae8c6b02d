/** The training worker: a session behind `postMessage`. Start it with `new Worker(url, { type: 'module' })`. */
import { loadExperiment } from './experiments/load';
import type { ToWorker } from './protocol';
import { serveRuns } from './serve';

/** What this file uses of a worker's global scope; the DOM library types `self` as a window. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const receive = serveRuns({
  runtime: 'chrome',
  find: loadExperiment,
  async tune(gpu, specs, measure) {
    const [{ tune }, { databaseStore }] = await Promise.all([
      import('../tune/tune'),
      import('../tune/store'),
    ]);
    return tune(gpu, specs, { store: databaseStore(), measure });
  },
  send: (message, transfer = []) => scope.postMessage(message, transfer),
});
scope.onmessage = ({ data }) => receive(data);
