/** The command that repeats a result. */
import type { Result } from '../../benches/types';
import type { StoredReport } from './read';

/** Contenders of other makers, in a run of ours. */
export const PEERS = /^(jax-js|tfjs|tensorgrad)\b/;
/** Benches that Python knows by other names than its files. */
const SCRIPTS: Readonly<Record<string, string>> = { llc: 'chains' };

export function commandFor({ environment, quick }: StoredReport, { name, rows }: Result): string {
  const options = quick ? ' --quick' : '';
  if (environment.runtime === 'pytorch') {
    const [topic, ...rest] = name.split('/');
    const script = SCRIPTS[topic] ?? topic;
    // Products are known by their whole name, the plain step by its batch.
    const which = script === 'matmul' ? name : rest.join('/') || 'batch512';
    const device = environment.vendor === 'cpu' ? 'cpu' : 'cuda';
    return `python3 benches/peers/${script}.py --device ${device} --case ${which}${options}`;
  }
  // Chrome on Linux takes a card only when told to, and neither runtime takes a software adapter for one then.
  const card = environment.fallback ? '' : 'CUSP_GPU=1 ';
  const runtime = environment.runtime === 'chrome' ? '' : ` --runtime ${environment.runtime}`;
  const peers = rows.some(({ contender }) => PEERS.test(contender)) ? ' --peers' : '';
  return `${card}npm run bench -- ${name}${runtime}${peers}${options}`;
}
