/** What was measured on one machine: its runs, then a table for each bench. */
import { describeAdapter } from '../../benches/environment';
import { describeCeilings } from '../../benches/table';
import type { Stored } from './read';
import { formatBench, markdownRow, type Part } from './table';

/** Markdown. Wants at least one report, all of one machine. */
export function formatMachine(stored: readonly Stored[]): string[] {
  const [{ machine }] = stored;
  const labelled = stored.map((one, k) => ({ ...one, label: String.fromCharCode(97 + k) }));
  const parts = labelled.flatMap(({ report, label }) =>
    report.results.map((result): Part => ({ label, report, result })),
  );
  const measured = parts.filter(({ result }) => result.skipped === undefined);
  const names = [...new Set(measured.map(({ result }) => result.name))];
  const skipped = parts.filter(({ result }) => result.skipped !== undefined);
  return [
    `### ${machine}`,
    '',
    '| run | adapter | runtime | commit | date | report |',
    '| --- | --- | --- | --- | --- | --- |',
    ...labelled.map(describeRun),
    '',
    ...labelled.flatMap(({ report, label }) => notesOn(report, label)),
    '',
    ...names.flatMap((name) => formatBench(measured.filter(({ result }) => result.name === name))),
    ...skipped
      .filter(({ result }) => !names.includes(result.name))
      .map(({ result }) => `- Not run: \`${result.name}\`: ${result.skipped}`),
    ...(skipped.length > 0 ? [''] : []),
  ];
}

function describeRun({ file, label, report }: Stored & { readonly label: string }): string {
  const { environment, commit, date } = report;
  const { runtime, host, driver, fallback } = environment;
  const adapter = describeAdapter(environment);
  return markdownRow([
    label,
    `${adapter}${driver ? `, ${driver}` : ''}${fallback ? ' (software)' : ''}`,
    `${runtime}, ${host}`,
    describeCommit(commit),
    date.slice(0, 10),
    `[${file}](docs/benchmarks/${file})`,
  ]);
}

function describeCommit(commit: string | null): string {
  if (commit === null) return 'unknown';
  const [hash, dirty] = commit.split('-');
  return `${hash.slice(0, 10)}${dirty ? ' with changes' : ''}`;
}

function notesOn({ ceilings, quick, stopped }: Stored['report'], label: string): string[] {
  return [
    ...(ceilings ? [`- Run ${label}: ${describeCeilings(ceilings)}.`] : []),
    ...(quick ? [`- Run ${label}: \`--quick\`, few and short samples: for a look.`] : []),
    ...(stopped ? [`- Run ${label} was ended before all benches were done.`] : []),
  ];
}
