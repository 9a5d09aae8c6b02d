/** On-chip chains on the device against their float64 twins: thirteen steps from the same start, every metric and all state. */
import type { Gpu } from '../../gpu/open';
import { SAMPLER_METRICS } from '../../optim/sampler/options';
import { hyperValues } from '../../optim/options';
import { compileChains } from '../../slt/chain/compile';
import { interpretChains } from '../../slt/chain/interpret';
import { chainCases, type ChainCase } from './chain-cases';
import { excess, type Comparison } from './compare';

const STEPS = 13;
/** Relative to the largest number of its kind; thirteen steps of rounding. */
const BOUND = 2e-6;
/** Rounding errors of a loss, in units of its own, that its change may carry. */
const LOSS_ROUNDINGS = 16 * 2 ** -24;

export const CHAIN_VARIANTS = ['lane', 'team'] as const;
export type ChainVariant = (typeof CHAIN_VARIANTS)[number];

/** One comparison a case and variant, counted under `chains <method>`. */
export async function checkChains(
  gpu: Gpu,
  wanted: (name: string) => boolean,
  variants: readonly ChainVariant[] = CHAIN_VARIANTS,
): Promise<Comparison[]> {
  const worst: Comparison[] = [];
  for (const variant of variants) {
    for (const chainCase of chainCases()) {
      if (wanted(subjectOf(chainCase))) worst.push(await compareChains(gpu, chainCase, variant));
    }
  }
  return worst;
}

function subjectOf({ spec }: ChainCase): string {
  return `chains ${spec.sampler.method}`;
}

async function compareChains(
  gpu: Gpu,
  chainCase: ChainCase,
  variant: ChainVariant,
): Promise<Comparison> {
  const { name, spec } = chainCase;
  const device = await compileChains(gpu, spec, { variant });
  const twin = interpretChains(spec);
  try {
    const [found, expected] = [await device.advance(STEPS), await twin.advance(STEPS)];
    const [after, wanted] = [await device.save(), await twin.save()];
    const subject = subjectOf(chainCase);
    let worst: Comparison = { subject, where: 'nothing', error: 0, bound: 1 };
    const compare = (what: string, a: Numbers, b: Numbers, bound: number): void => {
      const next = { subject, where: `${name}, ${variant}: ${what}`, ...largestError(a, b), bound };
      if (excess(next) > excess(worst)) worst = next;
    };
    const losses = metricOf(expected.rows, 'loss', spec.keys.length);
    SAMPLER_METRICS.forEach((metric) => {
      const [a, b] = [found.rows, expected.rows].map((rows) =>
        metricOf(rows, metric, spec.keys.length),
      );
      const largest = Math.max(...b.map(Math.abs));
      const nbeta = Math.max(...hyperValues(spec.sampler.nbeta));
      const rounding = LOSS_ROUNDINGS * nbeta * Math.max(...losses.map(Math.abs));
      compare(metric, a, b, BOUND * largest + (metric === 'acceptance' ? rounding : 0));
    });
    const arrays = { parameters: wanted.parameters, ...wanted.state, ...wanted.scalars };
    const own: Readonly<Record<string, Numbers>> = {
      ...{ parameters: after.parameters },
      ...{ ...after.state, ...after.scalars },
    };
    for (const [what, values] of Object.entries(arrays))
      compare(what, own[what], values, BOUND * Math.max(...values.map(Math.abs)));
    return worst;
  } finally {
    device.dispose();
  }
}

type Numbers = Float32Array | Float64Array;

/** One metric of all rows and chains. */
function metricOf(
  rows: Numbers,
  metric: (typeof SAMPLER_METRICS)[number],
  chains: number,
): Float64Array {
  const m = SAMPLER_METRICS.indexOf(metric);
  return Float64Array.from(rows).filter(
    (_, i) => Math.floor(i / chains) % SAMPLER_METRICS.length === m,
  );
}

/** Infinite where the lengths differ or only one of two is finite. */
function largestError(a: Numbers, b: Numbers): { error: number } {
  if (a.length !== b.length) return { error: Infinity };
  let error = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = Math.abs(a[i] - b[i]);
    if (!(gap <= error)) error = Number.isNaN(gap) ? Infinity : gap;
  }
  return { error };
}
