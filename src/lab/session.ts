/** A session that knows every experiment, as the command line, the tests and pages that embed the library run it. */
import { findExperiment } from './experiments';
import type { ToWorker } from './protocol';
import { serveRuns, type ServeOptions } from './serve';

export type SessionOptions = Omit<ServeOptions, 'find'>;

/** Takes messages in order; each is done, or under way, before the next is looked at. */
export function createSession(options: SessionOptions): (message: ToWorker) => void {
  return serveRuns({ ...options, find: findExperiment });
}
