/** A configuration that a checkpoint names, as the page has it: each network of the run a word again. */
import { parse } from '../../src/lab/schema';
import {
  ticketsSchema,
  variantSchema,
  type TicketsConfig,
  type VariantConfig,
} from '../../src/lab/experiments/tickets-schema';
import { AT_START } from '../../src/lab/experiments/tickets-plan';
import type { Config } from '../shared/fields';
import { rivalChoices, variantOf } from './rivals';
import type { Race } from './setup';

/** Throws where a network is none that this page can race. */
export function readConfig(said: unknown): Config {
  const { stage: _, ...given } = said as Readonly<Record<string, unknown>>;
  const {
    schema: _s,
    experiment: _e,
    variants,
    llc,
    ...rest
  } = parse(ticketsSchema, given) as TicketsConfig;
  const [main, ...others] = variants;
  if (main === undefined) throw new Error('the run of this checkpoint has no ticket');
  const { steps: last } = rest.base;
  const late = others.find(({ method }) => AT_START.some((one) => one === method));
  const race: Race = {
    pruned: main.pruned,
    sourceStep: main.sourceStep ?? last,
    rewindStep: main.rewindStep,
    rivals: [],
    rivalSteps: late?.steps ?? 0,
    llc: llc !== null,
  };
  const wordOf = (variant: VariantConfig): string => {
    const candidates = [
      ...rivalChoices.map(({ word }) => word),
      String(variant.pruned),
      `@${variant.sourceStep ?? last}`,
    ];
    const found = candidates.find((word) => same(variantOf(word, race, last), variant));
    if (found === undefined) {
      throw new Error(`this page has no rival like “${variant.name || variant.method}”`);
    }
    return found;
  };
  if (!same(variantOf('ticket', race, last), main)) {
    throw new Error('the first network of this checkpoint is no ticket of this page');
  }
  return { ...rest, race: { ...race, rivals: others.map(wordOf) } };
}

function same(variant: object, other: VariantConfig): boolean {
  return JSON.stringify(parse(variantSchema, variant)) === JSON.stringify({ ...other, name: '' });
}
