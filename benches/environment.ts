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
  const { runtime, host, driver, fallback } = environment;
  return [
    `${runtime} (${host})`,
    `adapter ${describeAdapter(environment)}`,
    `driver ${driver || 'unknown'}`,
    fallback ? 'fallback adapter (software): says little about a GPU' : 'no fallback adapter',
  ].join('; ');
}

export function describeAdapter({ vendor, architecture, description }: AdapterFacts): string {
  const words = [vendor, architecture, description].filter((text) => text !== '');
  return words.join(' ') || 'unnamed';
}
