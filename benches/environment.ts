/** What the numbers were measured on. */
import type { AdapterFacts } from '../src/gpu/open';

export interface Environment extends AdapterFacts {
  readonly runtime: 'chrome' | 'node';
  /** Browser or Node, with its version. */
  readonly host: string;
  /** Empty when the runtime does not tell. */
  readonly driver: string;
}

export function describeEnvironment(environment: Environment): string {
  const { runtime, host, vendor, architecture, description, driver, fallback } = environment;
  const adapter = [vendor, architecture, description].filter((text) => text !== '').join(' ');
  return [
    `${runtime} (${host})`,
    `adapter ${adapter || 'unnamed'}`,
    `driver ${driver || 'unknown'}`,
    fallback ? 'fallback adapter (software): says little about a GPU' : 'no fallback adapter',
  ].join('; ');
}
