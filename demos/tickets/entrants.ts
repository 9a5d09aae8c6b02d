/** The networks of a run as this page shows them: short names, families, and how the line of each is drawn. */
import { parse } from '../../src/lab/schema';
import { AT_START, planTickets, type Ticket } from '../../src/lab/experiments/tickets-plan';
import { ticketsSchema, type TicketsConfig } from '../../src/lab/experiments/tickets-schema';
import type { LineSpec } from '../shared/chart-options';
import { entryMetric } from '../shared/staged-columns';
import { sayCount } from '../shared/words';

export type Family = 'base' | 'ticket' | 'other' | 'control' | 'start';

export interface Entrant {
  /** Its place in every row. */
  readonly entry: number;
  /** As the record calls it. */
  readonly name: string;
  readonly label: string;
  readonly family: Family;
  /** Null for the base. */
  readonly ticket: Ticket | null;
  readonly dash: readonly number[];
  /** Steps it takes. */
  readonly steps: number;
}

/** Names of custom properties. */
export const colours: Readonly<Record<Family, string>> = {
  base: 'norm',
  ticket: 'test',
  other: 'other',
  control: 'control',
  start: 'at-start',
};

const dashes: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 3],
  [9, 3, 2, 3],
  [4, 4],
  [12, 4],
  [1, 4],
];

const methods: Readonly<Record<string, string>> = {
  'magnitude-layerwise': 'by layer',
  iterative: 'iterative',
  snip: 'SNIP',
  grasp: 'GraSP',
  synflow: 'SynFlow',
  'synflow-100': 'SynFlow 100',
  random: 'random',
  'magnitude-at-init': 'size at start',
  dense: 'dense',
};

/** Of the experiment's configuration; the base comes first, then the ticket that the page is about. */
export function entrantsOf(config: object): readonly Entrant[] {
  const parsed = parse(ticketsSchema, config) as TicketsConfig;
  const { tickets } = planTickets(parsed, 0);
  const base: Entrant = {
    entry: 0,
    name: 'base',
    label: 'base',
    family: 'base',
    ticket: null,
    dash: [],
    steps: parsed.base.steps,
  };
  const counts = new Map<Family, number>();
  return [
    base,
    ...tickets.map((ticket, k): Entrant => {
      const family = k === 0 ? 'ticket' : familyOf(ticket);
      const count = counts.get(family) ?? 0;
      counts.set(family, count + 1);
      return {
        entry: 1 + k,
        name: ticket.name,
        label: k === 0 ? 'ticket' : labelOf(ticket, tickets[0] as Ticket),
        family,
        ticket,
        dash: dashes[count % dashes.length] as readonly number[],
        steps: ticket.steps,
      };
    }),
  ];
}

function familyOf({ method, start }: Ticket): Family {
  if (method === 'dense' || start === 'reinitialise') return 'control';
  return AT_START.includes(method) ? 'start' : 'other';
}

function labelOf(ticket: Ticket, main: Ticket): string {
  const { method, start, pruned, sourceStep, weightDecay, rewindStep } = ticket;
  if (start === 'scaled-l1') return 'dense, L1';
  if (start === 'scaled-l2') return 'dense, L2';
  if (start === 'reinitialise') return 'new weights';
  const parts = [
    ...(method === 'magnitude' ? [] : [methods[method] ?? method]),
    ...(sourceStep !== null && sourceStep !== main.sourceStep
      ? [`from ${sayCount(sourceStep)}`]
      : []),
    ...(pruned !== main.pruned && method !== 'dense' ? [`${sayPruned(pruned)} pruned`] : []),
    ...(rewindStep !== main.rewindStep ? [`rewound to ${sayCount(rewindStep)}`] : []),
    ...(weightDecay === main.weightDecay
      ? []
      : [weightDecay === 0 ? 'no decay' : `decay ${weightDecay}`]),
  ];
  return parts.join(', ') || 'the same again';
}

/** 0.6 → "60 %". */
export function sayPruned(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** Networks named in the words under the cursor, after the base; the table has all. */
const mostRead = 7;

/** A line of a metric per network. */
export function linesOf(entrants: readonly Entrant[], metric: string): LineSpec[] {
  return entrants.map(({ entry, label, family, dash }) => ({
    metric: entryMetric(metric, entry),
    label,
    storedLabel: label,
    colour: colours[family],
    dash,
    sparse: true,
    unread: entry > mostRead,
    ...(family === 'ticket' && { width: 2.75 }),
  }));
}
