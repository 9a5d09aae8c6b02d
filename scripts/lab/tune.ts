/**
 * `lab tune`: measures how the products of presets or files are computed fastest on this adapter, with Dawn in this process, and
 * remembers it for later runs of the `node` runtime. Results keep their bits (src/tune/tune.ts).
 */
import { trainingSpec } from '../../src/lab/drivers/training';
import { findExperiment } from '../../src/lab/experiments';
import { fromBuffers } from '../../src/lab/files';
import type { ProgramSpec } from '../../src/graph/program';
import { tune as tuneProducts, type TunedProduct } from '../../src/tune/tune';
import { openNodeGpu } from './node';
import { readConfig } from './run';
import { fileStore } from './tuning-store';
import { readArguments, readWhole, UsageError } from './usage';

/** Nobody waits for a first step here. */
const MILLISECONDS = 5000;

export async function tune(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    milliseconds: { type: 'string' },
    flops: { type: 'string' },
    again: { type: 'boolean' },
  });
  if (positionals.length === 0)
    throw new UsageError('which experiments? give presets (see `list`) or JSON files');
  const specs = positionals.map(readSpec);
  const store = fileStore();
  const gpu = await openNodeGpu();
  try {
    const rows = await tuneProducts(gpu, specs, {
      store: values.again ? { ...store, get: () => null } : store,
      milliseconds: readWhole('milliseconds', values.milliseconds, 0) ?? MILLISECONDS,
      leastFlops: readWhole('flops', values.flops, 0),
    });
    for (const row of rows) console.error(formatRow(row));
    console.log(JSON.stringify({ adapter: gpu.adapter, products: rows }));
    return 0;
  } finally {
    gpu.close();
  }
}

function readSpec(name: string): ProgramSpec {
  const config = readConfig(name);
  const { parse, build } = findExperiment(config);
  const model = build(parse(config), fromBuffers({}));
  if (!('loss' in model))
    throw new UsageError(`${name}: has no network that trains from its first step on`);
  return trainingSpec(model);
}

/** `3830×128×512, rows-rows  5 launches  tiled 64×64  measured  1.00 tiled 64×64  0.83 tiled 32×32`, speeds against the rule's. */
function formatRow({
  product,
  launches,
  choice,
  rule,
  from,
  seconds = {},
  different = [],
}: TunedProduct) {
  const base = seconds[rule];
  const speeds = Object.entries(seconds)
    .sort(([, x], [, y]) => x - y)
    .map(([name, one]) => `${(base / one).toFixed(2)} ${name}`);
  const others = different.map((name) => `${name}: other bits`);
  const words = [product.padEnd(34), `${launches} ×`.padStart(5), choice.padEnd(24), from];
  return [words.join('  '), ...[...speeds, ...others].map((one) => `    ${one}`)].join('\n');
}
