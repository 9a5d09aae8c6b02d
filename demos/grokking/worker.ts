/** The training worker; a second one samples beside it. */
export const openWorker = (): Worker =>
  new Worker(new URL('../../src/lab/worker.ts', import.meta.url), { type: 'module' });
