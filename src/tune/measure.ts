/** One product computed in several ways on the device: same operands, outputs compared, timed in turns. */
import type { Gpu } from '../gpu/open';
import { readBuffer } from '../gpu/readback';
import type { Operand } from '../graph/types';
import type { Choice, Product } from '../ops/matmul/choose';
import { launchProduct } from '../ops/matmul/launch';
import { upToFour } from '../ops/rows';
import { bytesOf } from '../plan/arena';
import { buildPlan, type Plan } from '../plan/build';
import { beginPhase, createBlock } from '../plan/phase';
import { replay } from '../plan/replay';
import type { Block } from '../plan/types';
import { createRandom } from '../random/random';
import { streams } from '../random/streams';
import { describeChoice } from './candidates';
import { withProducts } from './force';

export interface Measurement {
  /** The fastest; the first of the choices unless another is faster by more than a twentieth. */
  readonly choice: Choice;
  /** Seconds of one product, by name of the choice, the best of the rounds. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Choices whose output had other bits than the first one's: left out. */
  readonly different: readonly string[];
}

export interface Clock {
  now(): number;
  /** When to stop, in milliseconds of `now`. */
  readonly end: number;
}

const ROUNDS = 5;
const MOST_RUNS = 2 ** 16;
/** A gain that a busy machine makes up is none. */
const LEAST_GAIN = 1.05;
/** Bytes compared at either end of the output. */
const COMPARED_BYTES = 2 ** 22;
/** Elements worked out in float64. */
const SAMPLED = 64;

/**
 * Measures until the clock's end, at least one round. Throws where the first choice's output is not the product within the bound
 * for sums, 2·(K + 1)·2⁻²⁴·Σ|a·b|.
 */
export async function measureProduct(
  gpu: Gpu,
  product: Product,
  choices: readonly Choice[],
  clock: Clock,
): Promise<Measurement> {
  const made = makeProduct(product);
  const { a, b, c } = made;
  const phases = choices.map((choice, k) => {
    const to = beginPhase(
      `${k}`,
      withProducts(gpu.traits, () => choice),
      1,
    );
    launchProduct(to, 'measured', a, b, c, product.count);
    return to.finish();
  });
  const plan = await buildPlan(gpu, { phases, values: made.values });
  try {
    const names = choices.map(describeChoice);
    const right = new Set<number>();
    let first: Uint32Array[] = [];
    for (const k of choices.keys()) {
      await replay(gpu, plan.phases[k], 1);
      const found = await readEnds(gpu, plan, c.block);
      if (k === 0) checkSamples(product, made, new Float32Array(found[0].buffer), names[0]);
      if (k === 0) first = found;
      if (found.every((words, end) => isSame(words, first[end]))) right.add(k);
    }
    const best = await timeInTurns(gpu, plan, [...right], clock);
    return {
      choice: choices[fastestOf(best)],
      seconds: Object.fromEntries([...best].map(([k, seconds]) => [names[k], seconds])),
      different: names.filter((_, k) => !right.has(k)),
    };
  } finally {
    plan.dispose();
  }
}

/** Of seconds by index, the least; the first where it is hardly slower. */
export function fastestOf(best: ReadonlyMap<number, number>): number {
  const [first] = best;
  const least = [...best].reduce((x, y) => (y[1] < x[1] ? y : x));
  return least[1] * LEAST_GAIN < first[1] ? least[0] : first[0];
}

/** Seconds of the best sample of each. Samples are as long as the time that is left allows, and no shorter than one run. */
async function timeInTurns(
  gpu: Gpu,
  plan: Plan,
  which: readonly number[],
  { now, end }: Clock,
): Promise<Map<number, number>> {
  const time = async (k: number, n: number): Promise<number> => {
    const start = now();
    await replay(gpu, plan.phases[k], n);
    return (now() - start) / 1000 / n;
  };
  /** As many as last so long, in milliseconds: a single one is mostly waiting for the device to answer. */
  async function runsOf(milliseconds: number): Promise<number> {
    for (let n = 1; ; n *= 2) {
      const took = 1000 * n * (await time(which[0], n));
      if (2 * took >= milliseconds || n >= MOST_RUNS) return n;
    }
  }
  const n = await runsOf(Math.max(0, end - now()) / which.length / (ROUNDS + 1));
  const best = new Map<number, number>();
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0 && now() >= end) break;
    // Each begins a round once, so that none always runs on the heels of the same neighbour.
    for (const turn of which.keys()) {
      const k = which[(turn + round) % which.length];
      best.set(k, Math.min(best.get(k) ?? Infinity, await time(k, n)));
    }
  }
  return new Map(which.map((k) => [k, best.get(k)!]));
}

interface Made {
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
  readonly values: Map<Block, Float32Array>;
}

/** Operands that lie as the product's do, with random numbers. */
export function makeProduct({ m, n, k, count, layout, alongK }: Product): Made {
  const padded = layout !== 'any';
  const a = makeMatrix('a', m, k, alongK[0], count, padded);
  const b = makeMatrix('b', k, n, !alongK[1], count, padded);
  const row = padded ? upToFour(n) : n;
  const c: Operand = {
    ...{ block: createBlock('c', count * m * row, 'persistent'), offset: 0, shape: [m, n] },
    ...{ strides: [row, 1], replicaStride: m * row, padded },
  };
  return { a: a.operand, b: b.operand, c, values: new Map([a.value, b.value]) };
}

/** [rows, columns], contiguous along the columns or else along the rows; in vec4s with zeros behind, or one element off. */
function makeMatrix(
  label: string,
  rows: number,
  columns: number,
  alongColumns: boolean,
  count: number,
  padded: boolean,
): { operand: Operand; value: [Block, Float32Array] } {
  const [lines, length] = alongColumns ? [rows, columns] : [columns, rows];
  const line = padded ? upToFour(length) : length;
  const offset = padded ? 0 : 1;
  const values = new Float32Array(offset + count * lines * line);
  fillRandom(values, label === 'a' ? 0 : 1);
  if (line > length)
    for (let i = 0; i < count * lines; i++) values.fill(0, i * line + length, (i + 1) * line);
  const block = createBlock(label, values.length, 'persistent');
  const strides = alongColumns ? [line, 1] : [1, line];
  const operand = { block, offset, shape: [rows, columns], strides, padded };
  return { operand: { ...operand, replicaStride: lines * line }, value: [block, values] };
}

/** Normal deviates, repeated with a period that fits no matrix: drawing millions would take longer than measuring. */
function fillRandom(values: Float32Array, which: number): void {
  const random = createRandom(0, which, streams.probe);
  const period = Math.min(4099, values.length);
  for (let i = 0; i < period; i++) values[i] = random.normal();
  for (let end = period; end < values.length; end *= 2) values.copyWithin(end, 0, end);
}

/** The first and the last bytes of a block. */
async function readEnds(gpu: Gpu, plan: Plan, block: Block): Promise<Uint32Array[]> {
  const bytes = Math.min(COMPARED_BYTES, bytesOf(block));
  const buffer = plan.buffer(block);
  const ends = [0, bytesOf(block) - bytes].map((at) => readBuffer(gpu, buffer, at, bytes));
  return (await Promise.all(ends)).map((content) => new Uint32Array(content));
}

function isSame(x: Uint32Array, y: Uint32Array): boolean {
  return x.every((word, i) => word === y[i]);
}

/** Elements at random, and the last ones, where tiles end; those that were read. */
function checkSamples({ m, n, k }: Product, made: Made, found: Float32Array, name: string): void {
  const { a, b, c } = made;
  const [left, right] = [made.values.get(a.block)!, made.values.get(b.block)!];
  const random = createRandom(0, 2, streams.probe);
  for (let sample = 0; sample < SAMPLED; sample++) {
    const row = sample % 4 === 0 ? m - 1 : random.below(m);
    const column = sample % 4 === 1 ? n - 1 : random.below(n);
    const at = row * c.strides[0] + column;
    if (at >= found.length) continue;
    let [sum, size] = [0, 0];
    for (let q = 0; q < k; q++) {
      const x = left[a.offset + row * a.strides[0] + q * a.strides[1]];
      const y = right[b.offset + q * b.strides[0] + column * b.strides[1]];
      sum += x * y;
      size += Math.abs(x * y);
    }
    const error = Math.abs(found[at] - sum);
    if (!(error <= 2 * (k + 1) * 2 ** -24 * size))
      throw new Error(
        `${name}: element (${row}, ${column}) of ${m}×${k}×${n} is off by ${error}; see \`npm run lab -- check matmul\``,
      );
  }
}
