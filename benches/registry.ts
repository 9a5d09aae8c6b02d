/** All benches: every `benches/<topic>.ts` that exports `benches`. */
import type { Bench } from './types';

type Topic = { readonly benches?: readonly Bench[] };

const topics = import.meta.glob<Topic>(['./*.ts', '!./main.ts']);

/** Parts of names, with commas between. */
function partsOf(filter: string): string[] {
  return filter.split(',').map((part) => part.trim());
}

/** Benches whose name contains a part of the filter. Only topics that may hold one are loaded. */
export async function findBenches(filter: string): Promise<Bench[]> {
  const topicOf = (path: string): string => path.replace(/^\.\/|\.ts$/g, '');
  const parts = partsOf(filter);
  const paths = Object.keys(topics).sort();
  const named = paths.filter((path) =>
    parts.some((part) => topicOf(path).includes(part.split('/')[0])),
  );
  const wanted = (bench: Bench): boolean => parts.some((part) => bench.name.includes(part));
  const listIn = async (some: readonly string[]): Promise<Bench[]> => {
    const found: Bench[] = [];
    for (const path of some) found.push(...((await topics[path]()).benches ?? []).filter(wanted));
    return found;
  };
  const found = await listIn(named);
  // A topic may have benches of other names, and a filter parts of two topics.
  const complete = parts.every((part) => found.some((bench) => bench.name.includes(part)));
  return complete ? found : listIn(paths);
}

/** A part of the filter is the bench's whole name. */
export function isNamed({ name }: Pick<Bench, 'name'>, filter: string): boolean {
  return partsOf(filter).includes(name);
}
