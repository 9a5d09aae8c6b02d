/** Which kind of experiment a raw configuration asks for. */
import { BadConfig } from '../../gpu/errors';
import { didYouMean } from '../suggest';

/** Its `experiment`, one of `known`. Throws BadConfig. */
export function nameOf(config: unknown, known: readonly string[]): string {
  const name: unknown =
    typeof config === 'object' && config !== null && Object.hasOwn(config, 'experiment')
      ? (config as { experiment: unknown }).experiment
      : undefined;
  if (typeof name === 'string' && known.includes(name)) return name;
  throw new BadConfig('experiment', {
    asked: name === undefined ? 'missing' : `no kind of experiment is called ${show(name)}`,
    limit: `known are ${known.join(', ')}`,
    remedy: typeof name === 'string' ? didYouMean(name, known) : 'Name one',
  });
}

export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
