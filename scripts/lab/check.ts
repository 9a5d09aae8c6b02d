/** `lab check`: every kernel and every gradient against float64 on this adapter; exit 1 on any excess. */
import { runChecks, type CheckRow, type CheckSummary } from '../../src/lab/check';
import { openNodeGpu } from './node';
import { withChrome } from './chrome';
import { readArguments, readRuntime, readWhole, UsageError } from './usage';

export async function check(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    runtime: { type: 'string' },
    rounds: { type: 'string' },
  });
  const runtime = readRuntime(values.runtime);
  if (runtime === 'cpu') {
    throw new UsageError(
      '--runtime cpu: the check compares a device with the CPU; use chrome or node',
    );
  }
  const options = {
    filter: positionals[0] ?? '',
    rounds: readWhole('rounds', values.rounds, 1) ?? 2,
  };
  const rows: CheckRow[] = [];
  const onRow = (row: CheckRow): void => {
    rows.push(row);
    console.error(formatRow(row));
  };
  const summary =
    runtime === 'chrome' ? await inChrome(options, onRow) : await inNode(options, onRow);
  if (rows.length === 0)
    throw new UsageError(
      `no kernel or op is named like '${options.filter}'; leave the filter out for all`,
    );
  console.log(JSON.stringify({ runtime, ...summary, rows }));
  return summary.failed > 0 ? 1 : 0;
}

interface Options {
  readonly filter: string;
  readonly rounds: number;
}

async function inNode(options: Options, onRow: (row: CheckRow) => void): Promise<CheckSummary> {
  const gpu = await openNodeGpu();
  try {
    return await runChecks(gpu, onRow, options);
  } finally {
    gpu.close();
  }
}

function inChrome(options: Options, onRow: (row: CheckRow) => void): Promise<CheckSummary> {
  return withChrome(async (page) => {
    await page.exposeFunction('receiveRow', onRow);
    return page.evaluate((given) => globalThis.lab.check(given), options);
  });
}

function formatRow({ name, error, bound, passed, cases, where }: CheckRow): string {
  const share =
    bound > 0 ? `${((100 * error) / bound).toFixed(1)} %` : error === 0 ? 'exact' : 'not exact';
  const numbers = `error ${error.toExponential(1)} of ${bound.toExponential(1)}`;
  return `${passed ? 'ok  ' : 'FAIL'} ${name.padEnd(32)} ${share.padStart(9)}  ${numbers}  ${String(cases).padStart(3)} cases  worst: ${where}`;
}
