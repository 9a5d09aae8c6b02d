/** Progress for people, on stderr: a line that rewrites itself on a terminal, a line every ten seconds elsewhere. */
import type { FromWorker } from '../../src/lab/protocol';

const EVERY_MS = 10_000;

export interface ProgressLine {
  show(message: FromWorker): void;
  end(): void;
}

export function createProgressLine(quiet: boolean): ProgressLine {
  const terminal = process.stderr.isTTY;
  let lastLine = 0;
  let latest = '';
  let stage: Extract<FromWorker, { type: 'stage' }> | null = null;
  let open = false;
  const print = (line: string): void => {
    if (quiet) return;
    process.stderr.write(`${open ? '\r\x1b[2K' : ''}${line}\n`);
    open = false;
  };
  return {
    show(message) {
      if (quiet) return;
      if (message.type === 'opened') {
        const { adapter, parameters } = message;
        print(
          `${adapter.vendor} ${adapter.architecture} ${adapter.description}; ${parameters} parameters`,
        );
      }
      if (message.type === 'stage') {
        const { index, count, name, names } = message;
        stage = message;
        latest = '';
        const which = names.length > 1 ? `: ${names.join(', ')}` : '';
        print(`stage ${index + 1} of ${count}, ${name}${which}`);
      }
      if (message.type === 'event') {
        const { name, step, replica } = message.event;
        const who = stage?.names[stage.entries.indexOf(replica)] ?? `replica ${replica}`;
        print(`step ${step}: ${name} (${who})`);
      }
      if (message.type === 'status' && message.status === 'restoring') print(message.detail);
      if (message.type === 'metrics') latest = formatMetrics(message, stage?.entries[0] ?? 0);
      if (message.type !== 'progress') return;
      const { step, total, stepsPerSecond, secondsLeft } = message;
      const line = `step ${step} of ${total}  ${stepsPerSecond.toPrecision(3)} steps/s  ${formatSeconds(secondsLeft)} left  ${latest}`;
      if (terminal) {
        process.stderr.write(`\r\x1b[2K${line}`);
        open = true;
      } else if (performance.now() - lastLine > EVERY_MS || step === total) {
        lastLine = performance.now();
        print(line);
      }
    },
    end() {
      if (open) process.stderr.write('\n');
    },
  };
}

/** What a line has room for; the table has the rest. */
const MOST_COLUMNS = 8;

/** The last row, of one replica: the first of those that are trained. */
function formatMetrics(
  { values }: Extract<FromWorker, { type: 'metrics' }>,
  replica: number,
): string {
  return Object.entries(values)
    .filter(([, rows]) => (rows.at(-1)?.length ?? 0) > 0)
    .slice(0, MOST_COLUMNS)
    .map(([name, rows]) => `${name} ${(rows.at(-1)?.[replica] ?? NaN).toPrecision(3)}`)
    .join('  ');
}

function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
