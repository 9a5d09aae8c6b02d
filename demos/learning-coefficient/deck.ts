/** The line under the claim: target, parameters, sampler, path and device. */
import { sayAdapter } from '../shared/badge';
import type { SessionState } from '../shared/session-state';
import { sayCount } from '../shared/words';
import type { Setting } from './setting';
import { saySampler, sayTarget } from './words';

export function sayDeck(
  { config, results, old }: Setting,
  { parameters, adapter }: Readonly<SessionState>,
): string {
  const parts = [sayTarget(config)];
  const size = adapter !== null && !old ? parameters : results?.target.parameters;
  if (size !== undefined) parts.push(size === 1 ? '1 parameter' : `${sayCount(size)} parameters`);
  parts.push(saySampler(config));
  if (results !== null) parts.push(`${results.path} path`);
  if (adapter !== null) parts.push(sayAdapter(adapter));
  return `${parts.join('; ')}.`;
}
