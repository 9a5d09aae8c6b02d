/** How Cusp compares with PyTorch, which was measured on the same machine by a command of its own. */
import { CONTROL } from '../../benches/summary';
import { formatNumber } from '../../benches/table';
import type { Row } from '../../benches/types';
import { PEERS } from './command';
import type { Part } from './table';

interface Entry {
  readonly name: string;
  readonly rate: number;
  readonly label: string;
}

/** A sentence for each way that PyTorch has to do it, of the fastest row of each side; none where only one of them ran. */
export function compareWithPyTorch(parts: readonly Part[]): string[] {
  const [first] = parts;
  const ofPyTorch = ({ report }: Part): boolean => report.environment.runtime === 'pytorch';
  // Rates in different units have no ratio.
  const sameUnit = parts.filter(({ result }) => result.unit === first.result.unit);
  const ours = sameUnit
    .filter((part) => !ofPyTorch(part))
    .flatMap((part) => entriesOf(part, isOurs));
  const theirs = sameUnit.filter(ofPyTorch).flatMap((part) => entriesOf(part, () => true));
  if (ours.length === 0 || theirs.length === 0) return [];
  if (first.result.name.startsWith('matmul/')) return [shareOfLibrary(ours, theirs)];
  const mine = fastest(ours);
  const ways = new Map<string, Entry[]>();
  for (const entry of theirs) ways.set(wayOf(entry), [...(ways.get(wayOf(entry)) ?? []), entry]);
  return [...ways.values()].map((entries) => {
    const rival = fastest(entries);
    const among = entries.length > 1 ? `, the fastest of ${entries.length}` : '';
    return `${say(mine)}: ${formatNumber(mine.rate / rival.rate)}× the rate of ${say(rival)}${among}`;
  });
}

/** Of a product what a program would use, which is the first row of a run, and not what would have been faster. */
function shareOfLibrary(ours: readonly Entry[], theirs: readonly Entry[]): string {
  const mine = fastest(ours.filter(({ name }) => name === ours[0].name));
  const rival = fastest(theirs);
  return `${say(mine)}: ${formatNumber((100 * mine.rate) / rival.rate)} % of the rate of ${say(rival)}`;
}

function entriesOf({ result, label }: Part, wanted: (row: Row) => boolean): Entry[] {
  return result.rows.flatMap((row) =>
    row.contender !== CONTROL && row.rate !== undefined && wanted(row)
      ? [{ name: row.contender, rate: row.rate, label }]
      : [],
  );
}

const isOurs = ({ contender, on = 'adapter' }: Row): boolean =>
  on === 'adapter' && !PEERS.test(contender);

/** PyTorch's eager mode, say, whatever it computes of the network. */
const wayOf = ({ name }: Entry): string => name.replace(/, (?:all|last) positions?\b.*/, '');

const fastest = (entries: readonly Entry[]): Entry =>
  entries.reduce((best, one) => (one.rate > best.rate ? one : best));

const say = ({ name, label }: Entry): string => `${name} (run ${label})`;
