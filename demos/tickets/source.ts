/** What the page shows: this run as far as it has got, or the stored one before there is any. */
import { planTickets } from '../../src/lab/experiments/tickets-plan';
import type { RunEvent } from '../../src/lab/record';
import type { Phase } from '../shared/ribbon';
import type { Columns } from '../shared/series';
import { sayCount } from '../shared/words';
import { ticketsOf, totalOf } from './setup';
import type { Story } from './story';

export interface Shown {
  readonly story: Story;
  /** A stored run of the same networks, to be drawn in grey. */
  readonly grey: Columns | null;
  /** Steps taken in all. */
  readonly step: number;
  /** Steps of all stages, chains included where they are known. */
  readonly total: number;
  readonly finished: boolean;
}

/** The longest training of one network. */
export function longest({ entrants }: Story): number {
  return Math.max(1, ...entrants.map(({ steps }) => steps));
}

/** The stages on the ribbon, with the events that end them. */
export function phasesOf({ story, step, total }: Shown): {
  readonly phases: readonly Phase[];
  readonly events: readonly RunEvent[];
} {
  const config = ticketsOf(story.config);
  const { stages } = planTickets(config, 0);
  const phases: Phase[] = [];
  const events: RunEvent[] = [];
  let until = 0;
  for (const [k, { name, steps, kind }] of stages.entries()) {
    until += steps;
    const race = stages.filter((one) => one.kind === 'tickets').length === 1 ? 'race' : null;
    phases.push({
      name: kind === 'tickets' ? (race ?? `race, ${sayCount(steps)} steps`) : name,
      colour:
        kind === 'base' ? 'norm' : kind === 'round' ? 'control' : k % 2 === 1 ? 'test' : 'other',
      until: until < total ? `end-${k}` : null,
    });
    if (until < total && until <= step) events.push({ name: `end-${k}`, step: until, replica: 0 });
  }
  if (total > totalOf(config)) phases.push({ name: 'λ̂', colour: 'lambda', until: null });
  return { phases, events };
}
