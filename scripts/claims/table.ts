/** CLAIMS.md: a row per claim, made from the stored results; what has not been tried yet is named below. */
import type { Claim, ClaimResult } from './types';

export function readResults(text: string): ClaimResult[] {
  return JSON.parse(text) as ClaimResult[];
}

export function formatClaims(
  results: readonly ClaimResult[],
  untried: readonly Claim[] = [],
): string {
  const rows = results.map(
    ({ name, claim, source, theirs, ours, holds, configuration, adapter, seeds, seconds }) =>
      [
        `\`${name}\``,
        claim,
        source,
        theirs,
        ours,
        configuration,
        seeds.join(', '),
        `${adapter}, ${formatSeconds(seconds)}`,
        holds ? 'holds' : '**fails**',
      ]
        .map((cell) => cell.replaceAll('|', '\\|'))
        .join(' | '),
  );
  const held = results.filter(({ holds }) => holds).length;
  return [
    '# Claims',
    '',
    `Claims of papers tried here: ${held} of ${results.length} hold. Each row is made by \`npm run claims -- '<name>'\`, which runs its`,
    'configurations (`scripts/claims/`) and judges what comes out by a fixed rule; the full results are in `docs/claims.json`.',
    '',
    '| name | claim | source | theirs | ours | configuration | seeds | where, device time | verdict |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
    ...untried.map(
      ({ name, claim, theirs }) => `Not tried yet: \`${name}\`, ${claim} (${theirs}).\n`,
    ),
  ].join('\n');
}

function formatSeconds(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
}
