/**
 * Lets measurements decide which kernel computes a product on this adapter, and remembers them.
 *
 *     const gpu = await openGpu();
 *     await tune(gpu, [spec], { store: databaseStore() });
 *     const program = await compile(gpu, spec);
 *
 * Same adapter, same seed, same bits (DESIGN §5) holds with and without: what is chosen from adds up the same products in the same
 * order as the kernel that the rules would take, in other tiles, and a candidate whose output differs from that kernel's in a single
 * bit is left out. So whether a run was tuned, when and by what clock shows in its speed alone. Where a sum is split along K, and
 * in how many parts, stays a rule: it would change bits.
 */
import type { Gpu } from '../gpu/open';
import type { ProgramSpec } from '../graph/program';
import { tuneProducts, type Choice, type Product } from '../ops/matmul/choose';
import { describeChoice, equalCandidates } from './candidates';
import { measureProduct } from './measure';
import { describeProduct, keyOf, listProducts } from './products';
import type { TuningStore } from './store';

export interface TuneOptions {
  /** Where to look first and what to tell of measurements; nothing is remembered without. */
  readonly store?: TuningStore;
  /** False: only what is remembered. */
  readonly measure?: boolean;
  /** For all measuring and compiling of candidates; one product that has been begun is finished. 250 unless given. */
  readonly milliseconds?: number;
  /** Products of fewer multiply-adds, times two, are left to the rules; 1e7 unless given, some microseconds of a GPU. */
  readonly leastFlops?: number;
  readonly now?: () => number;
}

/** What became of one product. */
export interface TunedProduct {
  /** `3830×128×512, rows-rows`. */
  readonly product: string;
  readonly launches: number;
  readonly choice: string;
  /** What the rules would have taken. */
  readonly rule: string;
  /** `left`: too small to matter, no other candidate, or no time. */
  readonly from: 'measured' | 'remembered' | 'left';
  /** Seconds by candidate, where it was measured now or before. */
  readonly seconds?: Readonly<Record<string, number>>;
  /** Candidates that gave other bits here. */
  readonly different?: readonly string[];
}

/** What is remembered of a product, as JSON. */
interface Memory {
  readonly choice: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly different: readonly string[];
}

/**
 * Tunes the products of programs for a device, those with the most work first; programs compiled on it afterwards use what was
 * found. Throws what compiling and measuring throw (`DeviceLost` among them), and an `Error` where a kernel computes no product.
 */
export async function tune(
  gpu: Gpu,
  specs: readonly ProgramSpec[],
  options: TuneOptions = {},
): Promise<TunedProduct[]> {
  const { store, measure = true, milliseconds = 250, leastFlops = 1e7 } = options;
  const now = options.now ?? (() => performance.now());
  const end = now() + milliseconds;
  const table = new Map<string, Choice>();
  const report: TunedProduct[] = [];
  const listed = listProducts(gpu.traits, specs)
    .map((entry) => ({ ...entry, work: flopsOf(entry.product) * entry.launches }))
    .sort((x, y) => y.work - x.work);
  let ahead = listed.reduce((sum, { work }) => sum + work, 0);
  for (const { product, launches, work } of listed) {
    const choices = equalCandidates(product, gpu.traits);
    const [rule] = choices.map(describeChoice);
    const entry = { product: describeProduct(product), launches, rule };
    const leave = (): void => void report.push({ ...entry, choice: rule, from: 'left' });
    // Each gets its share of the time that is left.
    const share = now() + ((end - now()) * work) / ahead;
    ahead -= work;
    if (flopsOf(product) < leastFlops || choices.length < 2 || !fits(product, gpu)) {
      leave();
      continue;
    }
    const key = await keyOf(gpu, product, choices);
    let memory = readMemory(await store?.get(key), choices);
    const from = memory ? 'remembered' : 'measured';
    if (!memory) {
      if (!measure || now() >= end) {
        leave();
        continue;
      }
      const found = await measureProduct(gpu, product, choices, { now, end: share });
      const { seconds, different } = found;
      memory = { choice: describeChoice(found.choice), seconds, different };
      await store?.set(key, JSON.stringify(memory));
    }
    const { choice, seconds, different } = memory;
    table.set(
      entry.product,
      choices.find((one) => describeChoice(one) === choice)!,
    );
    report.push({ ...entry, choice, from, seconds, different });
  }
  tuneProducts(gpu.traits, (product) => table.get(describeProduct(product)) ?? null);
  return report;
}

function flopsOf({ m, n, k, count }: Product): number {
  return 2 * m * n * k * count;
}

/** Operands of its own beside those of the program. */
function fits({ m, n, k, count }: Product, { traits }: Gpu): boolean {
  return Math.max(m * k, k * n, m * n) * count * 5 < traits.maxBufferBytes;
}

/** Null for what is not there, or no longer names a candidate. */
function readMemory(text: string | null | undefined, choices: readonly Choice[]): Memory | null {
  if (!text) return null;
  try {
    const memory = JSON.parse(text) as Memory;
    return choices.some((choice) => describeChoice(choice) === memory.choice) ? memory : null;
  } catch {
    return null;
  }
}
