/** Joins groups of modules, each to be a file, until no two of them together would save the pages bytes. */

/** Bytes that a file of its own costs after gzip: its imports and exports, and what it repeats of other files. */
const OVERHEAD = 300;
/** A byte that a page or worker reads for nothing, though its visit fetched it for the other. */
const READ_FOR_NOTHING = 0.05;

/** Bits of readers that are pages. */
export const PAGES = 0x5555_5555;

export interface Group {
  /** Only groups of a kind are joined. */
  readonly kind: string;
  /** Bit 2k: the k-th page; bit 2k + 1: its worker. Who reads a group reads what it imports as well. */
  readers: number;
  readonly modules: string[];
  /** After gzip. */
  bytes: number;
  readonly imports: Set<Group>;
}

type Reach = ReadonlyMap<Group, ReadonlySet<Group>>;

/** Greedy: each time the pair that saves most. Files that import each other in a ring are never made. */
export function joinGroups(groups: readonly Group[]): Group[] {
  const left = [...groups];
  for (;;) {
    const reach: Reach = new Map(left.map((group) => [group, reachOf(group)]));
    let best: readonly [Group, Group] | null = null;
    let most = 0;
    for (const [k, a] of left.entries()) {
      for (const b of left.slice(k + 1)) {
        if (a.kind !== b.kind) continue;
        const saved = savedBy(a, b, reach);
        if (saved <= most || makesRing(a, b, reach)) continue;
        most = saved;
        best = [a, b];
      }
    }
    if (best === null) return left;
    const [kept, gone] = best;
    left.splice(left.indexOf(gone), 1);
    take(kept, gone, left);
  }
}

function reachOf(group: Group, found = new Set<Group>()): Set<Group> {
  for (const next of group.imports) {
    if (found.has(next)) continue;
    found.add(next);
    reachOf(next, found);
  }
  return found;
}

/** True where one reaches the other through a third. */
function makesRing(a: Group, b: Group, reach: Reach): boolean {
  const passes = (from: Group, to: Group): boolean =>
    [...from.imports].some((next) => next !== to && reach.get(next)!.has(to));
  return passes(a, b) || passes(b, a);
}

/** Bytes over all pages, less where the one's readers come to fetch the other, and what it imports. */
function savedBy(a: Group, b: Group, reach: Reach): number {
  const readers = a.readers | b.readers;
  let saved = OVERHEAD * countPages(readers) - addedTo(a, readers) - addedTo(b, readers);
  // What both cost before and one of them does not any more.
  saved -= OVERHEAD * (countPages(readers) * 2 - countPages(a.readers) - countPages(b.readers));
  for (const group of new Set([...reach.get(a)!, ...reach.get(b)!])) {
    if (group !== a && group !== b) saved -= addedTo(group, readers, OVERHEAD);
  }
  return saved;
}

/** What it costs that these read a group too. */
function addedTo(group: Group, readers: number, overhead = 0): number {
  const all = group.readers | readers;
  const pages = countPages(all) - countPages(group.readers);
  const idle = countBits(all) - countBits(group.readers);
  return pages * (group.bytes + overhead) + READ_FOR_NOTHING * idle * group.bytes;
}

function take(kept: Group, gone: Group, all: readonly Group[]): void {
  kept.readers |= gone.readers;
  kept.modules.push(...gone.modules);
  kept.bytes += gone.bytes;
  for (const next of gone.imports) kept.imports.add(next);
  for (const { imports } of all) if (imports.delete(gone)) imports.add(kept);
  kept.imports.delete(kept);
  kept.imports.delete(gone);
  for (const group of reachOf(kept)) group.readers |= kept.readers;
}

function countPages(readers: number): number {
  return countBits((readers | (readers >>> 1)) & PAGES);
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
