/** The experiment behind this page: its settings as rows, λ̂ as a switch, and its presets as complete configurations. */
import { flag, object, parse, type AnySchema } from '../../src/lab/schema';
import { describe } from '../../src/lab/schema-paths';
import { lotteryPresets } from '../../src/lab/experiments/lottery-presets';
import { lotterySchema, type LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import type { Config, Field } from '../shared/fields';

const {
  schema: _schema,
  experiment: _experiment,
  llc: _llc,
  ...shared
} = lotterySchema.fields as unknown as Readonly<Record<string, AnySchema>>;

const pageSchema = object({
  ...shared,
  llc: flag({
    default: false,
    label: 'λ̂ along the rounds',
    help: 'Chains around the first network of each round, when all are trained.',
  }),
});

export const fields: readonly Field[] = describe(pageSchema);

const prefix = 'lottery.';

/** By the short name that the address carries: `digits`, `classic`. */
export const presets: ReadonlyMap<string, Config> = new Map(
  lotteryPresets.map(({ name, config }) => [name.slice(prefix.length), ofPage(config)]),
);

function ofPage(config: object): Config {
  const { schema: _s, experiment: _e, llc: _l, ...rest } = parse(lotterySchema, config);
  return parse(pageSchema, rest) as unknown as Config;
}

/** Chains around where each network ended. */
const sampler = {
  method: 'sgld',
  lr: 5e-5,
  localization: 1000,
  nbeta: 'n/log(n)',
  batchSize: 200,
  chains: 4,
  burnin: 100,
  draws: 100,
};

/** The configuration as the experiment takes it. */
export function settle(config: object): object {
  const { llc, ...rest } = config as { readonly llc: boolean };
  return { schema: 1, experiment: 'lottery', ...rest, llc: llc ? sampler : null };
}

/** Of a configuration of the page or of the experiment. */
export function lotteryOf(config: object): LotteryConfig {
  const { llc: _, ...rest } = config as { readonly llc?: unknown };
  return parse(lotterySchema, { schema: 1, experiment: 'lottery', ...rest }) as LotteryConfig;
}

/** A configuration that a checkpoint names, as the page has it. */
export function readConfig(said: unknown): Config {
  const { stage: _, llc, ...rest } = said as Readonly<Record<string, unknown>>;
  return { ...ofPage(rest), llc: llc !== null && llc !== undefined };
}
