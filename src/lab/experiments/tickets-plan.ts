/** From a tickets configuration to the networks it trains: names, where each comes from, and what it must keep to. */
import { BadConfig } from '../../gpu/errors';
import type { Method, Start } from '../../prune/types';
import { pickModular } from './tickets-config';
import type { TicketsConfig, VariantConfig } from './tickets-schema';
import type { StagePlan } from './types';

/** A variant with nothing left open. */
export interface Ticket {
  readonly name: string;
  readonly method: Method;
  readonly start: Start;
  readonly pruned: number;
  /** Step of the base that the mask is drawn from; null for methods at the start and networks left whole. */
  readonly sourceStep: number | null;
  readonly rewindStep: number;
  readonly weightDecay: number;
  readonly rounds: number;
  readonly steps: number;
}

export type StageKind =
  | { readonly kind: 'base' }
  /** Networks of iterative pruning between two rounds; `round` counts from 1, the first pruned network. */
  | { readonly kind: 'round'; readonly round: number; readonly tickets: readonly number[] }
  | { readonly kind: 'tickets'; readonly tickets: readonly number[] }
  /** Chains around the end of a network: of the base (−1) or a ticket. */
  | { readonly kind: 'llc'; readonly ticket: number };

export interface TicketsPlan {
  readonly tickets: readonly Ticket[];
  /** Names of all networks: the base, the tickets, the networks of the rounds. */
  readonly entries: readonly string[];
  readonly stages: readonly (StagePlan & StageKind)[];
  /** Steps of the base, beside every `keepEvery`, whose weights are kept. */
  readonly keepAt: readonly number[];
}

/** Methods that score the weights a network starts from. */
export const AT_START: readonly Method[] = [
  'snip',
  'grasp',
  'synflow',
  'synflow-100',
  'random',
  'magnitude-at-init',
];

/** `llcSteps` is what the chains of one network take, 0 for none. Throws BadConfig naming `variants.<k>.<field>`. */
export function planTickets(config: TicketsConfig, llcSteps: number): TicketsPlan {
  const tickets = nameTickets(
    config,
    config.variants.map((variant, k) => resolve(config, variant, `variants.${k}`)),
  );
  const names = ['base', ...tickets.map(({ name }) => name)];
  const base = { name: 'base', steps: config.base.steps, entries: [0], kind: 'base' } as const;
  const stages: (StagePlan & StageKind)[] = [base];
  for (const { round, steps, members } of roundsOf(tickets)) {
    const first = names.length;
    names.push(...members.map((k) => `${tickets[k].name}, round ${round}`));
    stages.push({
      name: `round ${round}`,
      steps,
      entries: members.map((_, at) => first + at),
      kind: 'round',
      round,
      tickets: members,
    });
  }
  const lengths = [...new Set(tickets.map(({ steps }) => steps))].sort((a, b) => a - b);
  for (const steps of lengths) {
    const members = tickets.flatMap((ticket, k) => (ticket.steps === steps ? [k] : []));
    const name = lengths.length === 1 ? 'tickets' : `tickets, ${steps} steps`;
    const entries = members.map((k) => 1 + k);
    stages.push({ name, steps, entries, kind: 'tickets', tickets: members });
  }
  if (llcSteps > 0)
    for (let ticket = -1; ticket < tickets.length; ticket++)
      stages.push({
        name: `λ̂ of ${names[1 + ticket]}`,
        steps: llcSteps,
        entries: [],
        kind: 'llc',
        ticket,
      });
  const used = tickets.flatMap(({ sourceStep, rewindStep }) => [sourceStep ?? 0, rewindStep]);
  const keepAt = [...new Set([0, ...used])]
    .filter((step) => step % config.base.keepEvery !== 0 && step !== config.base.steps)
    .sort((a, b) => a - b);
  return { tickets, entries: names, stages, keepAt };
}

/** The trainings between the rounds: all tickets of one length side by side. */
function roundsOf(tickets: readonly Ticket[]) {
  const last = Math.max(0, ...tickets.map((one) => (one.method === 'iterative' ? one.rounds : 0)));
  const found: { round: number; steps: number; members: readonly number[] }[] = [];
  for (let round = 1; round < last; round++) {
    const going = tickets.flatMap((one, k) =>
      one.method === 'iterative' && one.rounds > round ? [k] : [],
    );
    const lengthOf = (k: number): number => tickets[k].sourceStep! - tickets[k].rewindStep;
    for (const steps of new Set(going.map(lengthOf)))
      found.push({ round, steps, members: going.filter((k) => lengthOf(k) === steps) });
  }
  return found;
}

function resolve(config: TicketsConfig, variant: VariantConfig, path: string): Ticket {
  const { method, start, pruned, rewindStep, rounds } = variant;
  const { steps: baseSteps } = config.base;
  const refuse = (field: string, asked: unknown, limit: string, remedy: string): never => {
    throw new BadConfig(`${path}.${field}`, { asked: `got ${String(asked)}`, limit, remedy });
  };
  const scaled = start === 'scaled-l1' || start === 'scaled-l2';
  const whole = method === 'dense' && !scaled;
  if (!whole && pruned === 0)
    refuse(
      'pruned',
      0,
      `${scaled ? start : method} needs a ticket`,
      'Give a share above 0, or take dense',
    );
  if (scaled && method === 'iterative')
    refuse(
      'start',
      start,
      'a scaled network takes the norm of one mask',
      'Choose magnitude or dense',
    );
  const atStart = AT_START.includes(method);
  const sourceStep = whole || atStart ? null : (variant.sourceStep ?? baseSteps);
  if (sourceStep !== null && sourceStep > baseSteps)
    refuse(
      'sourceStep',
      sourceStep,
      `the base takes ${baseSteps} steps`,
      'Lower it or lengthen the base',
    );
  if (rewindStep > baseSteps)
    refuse(
      'rewindStep',
      rewindStep,
      `the base takes ${baseSteps} steps`,
      'Lower it or lengthen the base',
    );
  if (sourceStep !== null && rewindStep > sourceStep)
    refuse(
      'rewindStep',
      rewindStep,
      `the mask is from step ${sourceStep}`,
      'Rewind to that step or before',
    );
  if (method === 'iterative' && rewindStep === sourceStep)
    refuse(
      'rewindStep',
      rewindStep,
      'rounds train from the rewind step to the source',
      'Rewind further',
    );
  return {
    name: variant.name,
    method,
    start,
    pruned: whole ? 0 : pruned,
    sourceStep,
    rewindStep,
    weightDecay: variant.weightDecay ?? config.optimizer.weightDecay,
    rounds: method === 'iterative' ? rounds : 1,
    steps: variant.steps ?? config.steps,
  };
}

/** Given names stand and must be distinct; the others are made of what a ticket is, numbered where two are the same. */
function nameTickets(config: TicketsConfig, tickets: readonly Ticket[]): readonly Ticket[] {
  const taken = new Set(['base']);
  tickets.forEach(({ name }, k) => {
    if (name === '') return;
    if (taken.has(name)) {
      throw new BadConfig(`variants.${k}.name`, {
        asked: `got ${name} twice`,
        limit: name === 'base' ? 'the base has this name' : 'names tell the networks apart',
        remedy: 'Choose another, or leave it empty',
      });
    }
    taken.add(name);
  });
  return tickets.map((ticket) => {
    if (ticket.name !== '') return ticket;
    const plain = describe(config, ticket);
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain} (${n})`;
    taken.add(name);
    return { ...ticket, name };
  });
}

function describe(config: TicketsConfig, ticket: Ticket): string {
  const { method, start, pruned, sourceStep, rewindStep, weightDecay } = ticket;
  const scaled = start === 'scaled-l1' || start === 'scaled-l2';
  const what = scaled ? (method === 'dense' ? start : `${start} of ${method}`) : method;
  const late = sourceStep !== null && sourceStep !== config.base.steps;
  return [
    what,
    ...(pruned > 0 ? [String(pruned)] : []),
    ...(late ? [`from step ${sourceStep}`] : []),
    ...(rewindStep > 0 ? [`rewound to ${rewindStep}`] : []),
    ...(start === 'reinitialise' ? ['reinitialised'] : []),
    ...(weightDecay !== config.optimizer.weightDecay
      ? [weightDecay === 0 ? 'without decay' : `decay ${weightDecay}`]
      : []),
  ].join(' ');
}

/**
 * What the first `count` stages depend on: two configurations that agree in it train the same networks there. Names are left out, and
 * so are tickets of later stages except for the weights of the base that they ask to be kept.
 */
export function signTickets(config: TicketsConfig, plan: TicketsPlan, count: number): string {
  const { seed, base, evaluateEvery, llc } = config;
  const stages = plan.stages.slice(0, count).map((stage) => {
    const members = 'tickets' in stage ? stage.tickets : [];
    return {
      kind: stage.kind,
      steps: stage.steps,
      ...(stage.kind === 'round' && { round: stage.round }),
      tickets: members.map((k) => ({ ...plan.tickets[k], name: '' })),
      ...(stage.kind === 'llc' && { llc, ticket: stage.ticket }),
    };
  });
  const shared = { ...pickModular(config, base.steps), seed, evaluateEvery };
  return JSON.stringify({ shared, keepEvery: base.keepEvery, keepAt: plan.keepAt, stages });
}
