/**
 * Grokking tickets (Minegishi et al., arXiv 2310.19470): the sub-network that a generalised network leaves behind, rewound to its first
 * weights, generalises many times faster than the network it was cut from; sub-networks from before, rivals scored at the start and dense
 * networks of the same norm do not.
 */
import { layOutParameters } from '../../graph/layout';
import { createGraph } from '../../graph/node';
import { density } from '../../prune/masks';
import type { Probe } from '../../prune/types';
import { parse } from '../schema';
import { splitData } from './modular-parts';
import { pickModular } from './tickets-config';
import { drawTicketMask, type MaskSource } from './tickets-masks';
import { columnsOf, MILESTONES, traceTickets, type TrainingParts } from './tickets-network';
import { planTickets, signTickets, type StageKind, type TicketsPlan } from './tickets-plan';
import { openProbe } from './tickets-probe';
import { ticketsSchema, type TicketsConfig } from './tickets-schema';
import { lastWeights, startOf, weightsAt } from './tickets-starts';
import { summarizeTickets } from './tickets-summary';
import type * as TicketsChains from './tickets-llc';
import type { Experiment, Stage, StagedModel, StageOutcome, StagePlan, StageTools } from './types';

/** What only some configurations need: λ̂ of a run's networks, `tickets-llc.ts`, is called only where they have `llc`. */
interface Parts extends TrainingParts, Pick<typeof TicketsChains, 'llcStepsOf' | 'sampleNetwork'> {}

/* @__NO_SIDE_EFFECTS__ */
export function ticketsExperiment(parts: Parts): Experiment<TicketsConfig, StagedModel> {
  return {
    name: 'tickets',
    summary:
      'Sub-networks of a network that generalised, rewound to its start, race it and rivals pruned at the start.',
    schema: ticketsSchema,
    parse: (value) => parse(ticketsSchema, value) as TicketsConfig,
    build: (config) => build(config, parts),
  };
}

function build(config: TicketsConfig, parts: Parts): StagedModel {
  const modular = pickModular(config, config.base.steps);
  // What is wrong with the network or the optimiser is said before anything is trained.
  const [split] = splitData(modular);
  const graph = createGraph();
  parts.buildNetwork(graph, modular, split);
  const layout = layOutParameters(graph);
  const plan = planTickets(config, config.llc === null ? 0 : parts.llcStepsOf(config));
  for (const { steps, kind } of plan.stages)
    if (kind !== 'llc') parts.buildUpdate(pickModular(config, steps));
  return {
    staged: true,
    experiment: 'tickets',
    config,
    seed: config.seed,
    replicas: plan.entries.length,
    steps: plan.stages.reduce((sum, { steps }) => sum + steps, 0),
    evaluateEvery: config.evaluateEvery,
    entries: plan.entries,
    columns: columnsOf(modular),
    milestones: MILESTONES,
    stages: plan.stages,
    signature: (count) => signTickets(config, plan, count),
    build: (k, done, tools) => buildStage({ config, plan, parts, done, tools }, plan.stages[k]),
    summarize: (so) => summarizeTickets(plan, layout, so),
  };
}

interface Context {
  readonly config: TicketsConfig;
  readonly plan: TicketsPlan;
  readonly parts: Parts;
  readonly done: readonly StageOutcome[];
  readonly tools: StageTools;
}

async function buildStage(context: Context, stage: StagePlan & StageKind): Promise<Stage> {
  const { config, plan, parts } = context;
  switch (stage.kind) {
    case 'base':
      return {
        model: traceTickets(pickModular(config, stage.steps), parts, {
          replicas: 1,
          weightDecay: [config.optimizer.weightDecay],
          checkpointEvery: config.base.keepEvery,
          keepAt: plan.keepAt,
        }),
      };
    case 'round':
    case 'tickets':
      return trainSideBySide(context, stage);
    case 'llc':
      return sampleOne(context, stage.ticket);
  }
}

/** Masks and starts of all tickets of a stage, and their training. */
async function trainSideBySide(
  { config, plan, parts, done, tools }: Context,
  stage: StagePlan & Extract<StageKind, { readonly tickets: readonly number[] }>,
): Promise<Stage> {
  const [base] = done;
  const { layout } = base;
  const { stride } = layout;
  const replicas = stage.tickets.length;
  const modular = pickModular(config, stage.steps);
  const start = new Float32Array(replicas * stride);
  const masks = new Float32Array(replicas * stride).fill(1);
  const scales = new Float32Array(replicas);
  const warnings: string[] = [];
  const probes: Probe[] = [];
  const probe = (): Promise<Probe> => {
    if (probes.length === 0) probes.push(openProbe(modular, parts.buildNetwork, tools));
    return Promise.resolve(probes[0]);
  };
  for (const [replica, k] of stage.tickets.entries()) {
    const ticket = plan.tickets[k];
    const round = stage.kind === 'round' ? stage.round : ticket.rounds;
    const source: MaskSource = {
      layout,
      weightsAt: (step) => weightsAt(base, step),
      before: roundBefore(plan, done, k, round),
      probe,
      seed: config.seed,
    };
    const drawn = await drawTicketMask(ticket, source, round);
    const mask = drawn?.mask ?? null;
    warnings.push(...(drawn?.warnings ?? []).map((text) => `${ticket.name}: ${text}`));
    const begun = startOf(
      stage.kind === 'round' ? { ...ticket, start: 'rewind' } : ticket,
      base,
      mask,
      config.seed,
    );
    start.set(begun.values, replica * stride);
    if (mask && begun.masked) masks.set(mask, replica * stride);
    scales[replica] = begun.scale ?? 0;
  }
  for (const one of probes) one.dispose();
  const densities = stage.tickets.map(
    (_, replica) => density(masks.subarray(replica * stride, (replica + 1) * stride), layout).all,
  );
  const pruned = masks.some((bit) => bit === 0);
  return {
    model: traceTickets(modular, parts, {
      replicas,
      weightDecay: stage.tickets.map((k) => plan.tickets[k].weightDecay),
      start,
      warnings,
      ...(pruned && { mask: masks }),
    }),
    keep: { masks, scales },
    views: {
      masks: { shape: [replicas, stride], data: masks },
      densities: { shape: [replicas], data: Float32Array.from(densities) },
    },
  };
}

/** Mask and last weights of an iterative ticket's network of the round before this one; null for the first round, drawn from the base. */
function roundBefore(
  plan: TicketsPlan,
  done: readonly StageOutcome[],
  ticket: number,
  round: number,
): MaskSource['before'] {
  const at = plan.stages.findIndex(
    (one) => one.kind === 'round' && one.round === round - 1 && one.tickets.includes(ticket),
  );
  const stage = plan.stages[at];
  if (stage?.kind !== 'round') return null;
  const replica = stage.tickets.indexOf(ticket);
  return { mask: maskIn(done[at], replica), weights: lastWeights(done[at], replica) };
}

function maskIn({ keep, layout: { stride } }: StageOutcome, replica: number): Float32Array {
  return keep['masks'].subarray(replica * stride, (replica + 1) * stride);
}

/** Chains around the end of the base (−1) or a ticket. */
function sampleOne({ config, plan, parts, done }: Context, ticket: number): Stage {
  const at = plan.stages.findIndex(
    (stage) =>
      (ticket < 0 && stage.kind === 'base') ||
      (stage.kind === 'tickets' && stage.tickets.includes(ticket)),
  );
  const stage = plan.stages[at];
  const outcome = done[at];
  const replica = stage.kind === 'tickets' ? stage.tickets.indexOf(ticket) : 0;
  return {
    model: parts.sampleNetwork(config, outcome.layout, {
      name: plan.entries[1 + ticket],
      weights: lastWeights(outcome, replica),
      mask: stage.kind === 'tickets' ? maskIn(outcome, replica) : null,
    }),
  };
}
