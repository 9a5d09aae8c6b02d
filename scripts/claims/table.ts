/** CLAIMS.md: a row per claim, made from the stored results. */
import type { ClaimResult } from './types';

export function readResults(text: string): ClaimResult[] {
  return JSON.parse(text) as ClaimResult[];
}

export function formatClaims(results: readonly ClaimResult[]): string {
  const rows = results.map(
    ({ name, claim, source, theirs, ours, holds, adapter, seeds, seconds }) =>
      [
        `\`${name}\``,
        claim,
        source,
        theirs,
        ours,
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
    '| name | claim | source | theirs | ours | seeds | where, device time | verdict |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

function formatSeconds(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
}
