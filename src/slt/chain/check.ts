/** What a spec must keep to, looked at before anything is made. */
import { BadConfig, ShapeMismatch } from '../../gpu/errors';
import type { Settings } from '../../optim/sampler/settings';
import { resolveChains } from './hyper';
import type { ChainSpec } from './types';

const MOST_CHAINS = 100_000;

/** The sampler's settings. Throws BadConfig or ShapeMismatch in one line that names the field. */
export function checkChains(spec: ChainSpec): Settings {
  const { layout, keys, start, rowEvery } = spec;
  const chains = keys.length;
  if (chains === 0 || chains > MOST_CHAINS) {
    throw new BadConfig('keys', {
      asked: `got ${chains} chains`,
      limit: `must be 1 to ${MOST_CHAINS}`,
      remedy: 'Give one key a chain',
    });
  }
  const settings = resolveChains(spec);
  if (start.length !== chains * layout.stride) {
    throw new ShapeMismatch(
      `start: ${start.length} values; ${chains} chains of ${layout.stride} parameters, padding included, are ${chains * layout.stride}`,
    );
  }
  if (!Number.isInteger(rowEvery) || rowEvery < 1 || rowEvery % settings.leapfrog !== 0) {
    throw new BadConfig('rowEvery', {
      asked: `got ${rowEvery} with trajectories of ${settings.leapfrog} steps`,
      limit: 'must be a whole multiple of the leapfrog steps: rows stand where trajectories end',
      remedy: `Use ${Math.max(1, Math.ceil(rowEvery / settings.leapfrog) || 1) * settings.leapfrog}`,
    });
  }
  return settings;
}
