/**
 * The experiment behind this page. The page knows one ticket and a list of rivals, each a word; the experiment knows variants: `settle`
 * makes the one of the other.
 */
import { custom } from '../../src/lab/schema-forms';
import { flag, number, object, parse, type AnySchema } from '../../src/lab/schema';
import { describe } from '../../src/lab/schema-paths';
import { ticketsSchema, type TicketsConfig } from '../../src/lab/experiments/tickets-schema';
import { bases } from '../../src/lab/experiments/tickets-bases';
import type { Config, Field } from '../shared/fields';
import type { PresetChoice } from '../shared/preset-chooser';
import { planTickets } from '../../src/lab/experiments/tickets-plan';
import { readRivals, variantOf } from './rivals';

const { data, network, optimizer, base, steps, evaluateEvery, seed } =
  ticketsSchema.fields as unknown as Readonly<Record<string, AnySchema>>;
const step = { min: 0, max: 1e8, integer: true } as const;

const raceSchema = object(
  {
    pruned: number({ min: 0.01, max: 0.99, default: 0.6, label: 'Pruned' }),
    sourceStep: number({ ...step, default: 1e8, label: 'Mask from step' }),
    rewindStep: number({ ...step, default: 0, label: 'Rewind to step' }),
    rivals: custom(readRivals, { default: [], label: 'Rivals' }),
    rivalSteps: number({
      ...step,
      default: 0,
      label: 'Steps of rivals',
      help: 'Of those pruned at the start; 0 for as many as the ticket takes.',
    }),
    llc: flag({ default: false, label: 'λ̂ of each network' }),
  },
  { label: 'Race' },
);

const pageSchema = object({
  seed,
  base,
  steps,
  data,
  network,
  optimizer,
  evaluateEvery,
  race: raceSchema,
});

export interface Race {
  readonly pruned: number;
  readonly sourceStep: number;
  readonly rewindStep: number;
  readonly rivals: readonly string[];
  readonly rivalSteps: number;
  readonly llc: boolean;
}

export const fields: readonly Field[] = describe(pageSchema);

export interface PagePreset extends PresetChoice {
  /** Whose networks, data and steps these are; the variants of the lab's preset of that name are left to the race. */
  readonly lab: keyof typeof bases;
  readonly race: Partial<Race>;
}

export const choices: readonly PagePreset[] = [
  {
    name: 'demo',
    lab: 'demo',
    label: 'Light',
    sentence: 'A smaller table, p = 53: the whole story in a few minutes without a GPU.',
    race: { rivals: ['@1000', '@2000', '0.9', 'l1', 'snip', 'random'] },
  },
  {
    name: 'sweep',
    lab: 'demo',
    label: 'Sweep',
    sentence: 'The light table again: tickets of 40 to 90 %, and masks from along the base.',
    race: {
      rivals: [
        ...['0.4', '0.5', '0.7', '0.8', '0.85', '0.9'],
        ...['@500', '@1000', '@1500', '@2000', '@2500'],
      ],
    },
  },
  {
    name: 'quick',
    lab: 'quick',
    label: 'Full',
    sentence:
      'The paper’s network at three times its learning rate, all rivals: minutes on a GPU, an hour without.',
    race: {
      rivals: [
        ...['@2000', '@5000', '@7000', '0.9', 'l1', 'l2'],
        ...['snip', 'grasp', 'synflow', 'synflow-100', 'random', 'magnitude-at-init'],
      ],
      rivalSteps: 8200,
    },
  },
  {
    name: 'paper',
    lab: 'paper',
    label: 'Paper',
    sentence: 'Minegishi et al. at their learning rate: the base alone takes 30,000 steps.',
    race: {
      rivals: ['no-decay', '0.9', '@2000', '@10000', '@20000', 'l1', 'l2', 'snip', 'random'],
      rivalSteps: 30_000,
    },
  },
];

export const presets: ReadonlyMap<string, Config> = new Map(
  choices.map(({ name, lab, race }) => [name, fromLab(lab, race)]),
);

function fromLab(name: PagePreset['lab'], race: Partial<Race>): Config {
  const config = parse(ticketsSchema, bases[name]) as TicketsConfig;
  const { seed, base, steps, data, network, optimizer, evaluateEvery } = config;
  const whole = { seed, base, steps, data, network, optimizer, evaluateEvery };
  return parse(pageSchema, {
    ...whole,
    race: { sourceStep: config.base.steps, ...race },
  }) as unknown as Config;
}

/** Chains around where each network ended. */
const sampler = {
  method: 'sgld',
  lr: 2e-5,
  localization: 30,
  nbeta: 'n/log(n)',
  batchSize: 128,
  chains: 4,
  burnin: 200,
  draws: 200,
};

/** The configuration as the experiment takes it. */
export function settle(config: object): object {
  const { race, ...shared } = config as { readonly race: Race };
  return {
    schema: 1,
    experiment: 'tickets',
    ...shared,
    variants: ['ticket', ...race.rivals].map((word) => variantOf(word, race, baseSteps(config))),
    llc: race.llc ? sampler : null,
  };
}

/** Steps of a whole run, chains not counted. */
export function totalOf(config: object): number {
  return planTickets(ticketsOf(config), 0).stages.reduce((sum, { steps }) => sum + steps, 0);
}

/** Of a configuration of the page or of the experiment. */
export function ticketsOf(config: object): TicketsConfig {
  return parse(ticketsSchema, 'race' in config ? settle(config) : config) as TicketsConfig;
}

export function raceOf(config: object): Race {
  return (config as { readonly race: Race }).race;
}

export function baseSteps(config: object): number {
  return (config as TicketsConfig).base.steps;
}

/** With source and rewind steps among the weights that the base keeps; a source at its end stays there. */
export function snap(config: Config, before: Config = config): Config {
  const race = raceOf(config);
  const last = baseSteps(config);
  const every = Number((config as unknown as TicketsConfig).base.keepEvery);
  const near = (step: number): number =>
    step >= last ? last : Math.min(last, Math.round(step / every) * every);
  const atEnd =
    raceOf(before).sourceStep >= baseSteps(before) && raceOf(before).sourceStep === race.sourceStep;
  const sourceStep = atEnd ? last : Math.max(every, near(race.sourceStep));
  const rewindStep = Math.min(race.rewindStep, sourceStep);
  return { ...config, race: { ...race, sourceStep, rewindStep } };
}
