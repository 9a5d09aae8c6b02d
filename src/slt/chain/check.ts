/** What a spec must keep to besides its sampler's numbers (hyper.ts): lengths and counts. */
import { BadConfig, ShapeMismatch } from '../../gpu/errors';
import { trajectoryOf } from './hyper';
import type { ChainSpec } from './types';

/** Throws BadConfig or ShapeMismatch in one line that names the field. */
export function checkChains(spec: ChainSpec): void {
  const { layout, keys, start, sampler, rowEvery } = spec;
  const { stride } = layout;
  const chains = keys.length;
  if (chains === 0) throw new BadConfig('keys', 'no chain; give one key a chain');
  requireLength('start', start, [chains * stride]);
  requireLength('sampler.anchor', sampler.anchor, [stride, chains * stride]);
  requireLength('sampler.mask', sampler.mask, [stride, chains * stride]);
  if (sampler.directions) requireLength('sampler.directions', sampler.directions, [2 * stride]);
  requireCount('rowEvery', rowEvery, 1);
  requireCount('sampler.acceptanceEvery', sampler.acceptanceEvery ?? 0, 0);
  requireCount('sampler.leapfrog', sampler.leapfrog ?? 10, 1);
  const trajectory = trajectoryOf(sampler);
  if (rowEvery % trajectory !== 0) {
    throw new BadConfig('rowEvery', {
      asked: `got ${rowEvery} with trajectories of ${trajectory} steps`,
      limit: 'must be a multiple of the leapfrog steps: rows stand where trajectories end',
      remedy: `Use ${Math.ceil(rowEvery / trajectory) * trajectory}`,
    });
  }
}

function requireLength(name: string, { length }: Float32Array, allowed: readonly number[]): void {
  if (allowed.includes(length)) return;
  throw new ShapeMismatch(`${name}: ${length} values; must be ${allowed.join(' or ')}`);
}

function requireCount(path: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= 1e9) return;
  throw new BadConfig(path, {
    asked: `got ${value}`,
    limit: `must be a whole number from ${least} to 1000000000`,
    remedy: 'Choose one in that range',
  });
}
