/**
 * The page: runs the benches named in its address and shows the tables. `scripts/bench.ts` opens it too, listens
 * through `benchProgress` and takes the report from `benchReport`.
 */
import { describeEnvironment } from './environment';
import { runBenches } from './run';
import type { Report } from './run';
import { describeCeilings, formatResult } from './table';

declare global {
  interface Window {
    benchProgress?: (line: string) => void;
    benchKept?: (report: Report) => void;
    benchReport?: Promise<Report>;
  }
}

const status = document.querySelector('#progress')!;
const tables = document.querySelector('#tables')!;

async function main(): Promise<Report> {
  const query = new URLSearchParams(location.search);
  const report = await runBenches(
    {
      filter: query.get('filter') ?? '',
      peers: query.has('peers'),
      quick: query.has('quick'),
      commit: query.get('commit') || null,
      runtime: 'chrome',
      host: query.get('host') ?? navigator.userAgent,
      driver: query.get('driver') ?? '',
      card: query.has('card'),
    },
    {
      progress(line) {
        status.textContent = line;
        window.benchProgress?.(line);
      },
      measured: (_, ceilings) => tables.append(`${describeCeilings(ceilings)}\n\n`),
      kept: (report) => window.benchKept?.(report),
      finished: (result) => tables.append(`${formatResult(result)}\n\n`),
    },
  );
  status.textContent = describeEnvironment(report.environment);
  return report;
}

window.benchReport = main();
window.benchReport.catch((error: unknown) => {
  status.textContent = error instanceof Error ? error.message : String(error);
});
