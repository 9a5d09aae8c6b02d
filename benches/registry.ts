/** All benches: every `benches/<topic>.ts` that exports `benches`. */
import type { Bench } from './harness';

type Topic = { readonly benches?: readonly Bench[] };

const topics = import.meta.glob<Topic>(['./*.ts', '!./main.ts']);

/** Benches whose name contains the filter. Only topics that may hold one are loaded. */
export async function findBenches(filter: string): Promise<Bench[]> {
  const topicOf = (path: string): string => path.replace(/^\.\/|\.ts$/g, '');
  const wanted = filter.split('/')[0]!;
  const paths = Object.keys(topics).sort();
  const named = paths.filter((path) => topicOf(path).includes(wanted));
  const found: Bench[] = [];
  for (const path of named.length > 0 ? named : paths) {
    const { benches = [] } = await topics[path]!();
    found.push(...benches.filter((bench) => bench.name.includes(filter)));
  }
  return found;
}
