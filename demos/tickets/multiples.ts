/** Small multiples of one setting: tickets by the share pruned, and by the step that the mask is from. */
import { createFigureFrame } from '../shared/figure-frame';
import type { Maker } from '../shared/made';
import { seriesOf } from '../shared/staged-columns';
import { sayCount, sayShare, sayWhose } from '../shared/words';
import { colours, sayPruned, type Entrant } from './entrants';
import { createPanels, type Panels } from './panels';
import { longest } from './source';
import { standingOf, type Story } from './story';

export interface Multiples {
  readonly elements: readonly HTMLElement[];
  /** What has few of a kind leaves the place to the stored sweep. */
  update(story: Story, sweep: Story | null): void;
}

/** A row worth its place. */
const fewest = 4;

interface Kind {
  readonly name: string;
  readonly title: string;
  /** Of the tickets alike but for this. */
  members(story: Story): Entrant[];
  label(entrant: Entrant, story: Story): string;
  say(story: Story, members: readonly Entrant[]): string;
}

const kinds: readonly Kind[] = [
  {
    name: 'by-share',
    title: 'Tickets by the share pruned',
    members: (story) =>
      alike(story, 'pruned').sort((a, b) => (a.ticket?.pruned ?? 0) - (b.ticket?.pruned ?? 0)),
    label: ({ ticket }) => `${sayPruned(ticket?.pruned ?? 0)} pruned`,
    say: sayShares,
  },
  {
    name: 'by-source',
    title: 'Tickets by the step of the mask',
    members: (story) => alike(story, 'sourceStep').sort((a, b) => from(a) - from(b)),
    label: (entrant) => `mask from ${sayCount(from(entrant))}`,
    say: saySources,
  },
];

function from({ ticket }: Entrant): number {
  return ticket?.sourceStep ?? 0;
}

/** The ticket, and those that differ from it in one thing only. */
function alike({ entrants }: Story, but: 'pruned' | 'sourceStep'): Entrant[] {
  const main = entrants[1]?.ticket ?? null;
  const key = ({ name: _, ...rest }: NonNullable<Entrant['ticket']>): string =>
    JSON.stringify({ ...rest, [but]: null });
  return entrants.filter(
    ({ ticket }) => ticket !== null && main !== null && key(ticket) === key(main),
  );
}

/** The largest share that still reaches half of the other pairs. */
function sayShares(story: Story, members: readonly Entrant[]): string {
  const most = members.findLast((one) => standingOf(story, one).reached[0] !== null)?.ticket;
  if (most == null) return 'Tickets by the share pruned';
  return sayWhose(
    story.stored,
    `up to ${sayPruned(most.pruned)} pruned, tickets come to half of the other pairs`,
  );
}

/** First source from which it gets there. */
function saySources(story: Story, members: readonly Entrant[]): string {
  const first = members.find((one) => standingOf(story, one).reached[0] !== null);
  if (first === undefined) return 'Tickets by the step of the mask';
  return sayWhose(
    story.stored,
    `masks from step ${sayCount(from(first))} on come to half of the other pairs`,
  );
}

export function createMultiples(maker: Maker): Multiples {
  const shown: (Story | null)[] = kinds.map(() => null);
  const frames = kinds.map(({ name, title }, k) =>
    createFigureFrame<Panels>({
      name,
      title,
      picture: createPanels({ id: `${name}-panels`, name: title, across: 4, places: 8 }),
      maker,
      storedConfig: () => {
        const story = shown[k];
        return story?.stored === true ? story.config : null;
      },
    }),
  );

  return {
    elements: frames.map(({ element }) => element),
    update(story, sweep) {
      kinds.forEach((kind, k) => {
        const frame = frames[k];
        if (frame === undefined) return;
        const own = kind.members(story).length >= fewest ? story : (sweep ?? story);
        shown[k] = own;
        const members = kind.members(own);
        const panels = panelsOf(own, members, kind);
        frame.setTitle(panels === null ? kind.title : kind.say(own, members));
        frame.show({ snapshot: null, old: own.stored }, panels, () =>
          panels === null
            ? null
            : {
                columns: ['network', 'step', 'test_accuracy'],
                rows: panels.panels.flatMap(({ label, trace }) =>
                  trace.steps.map((step, at) => [label, step, trace.values[at] ?? null]),
                ),
              },
        );
      });
    },
  };
}

function panelsOf(story: Story, members: readonly Entrant[], kind: Kind): Panels | null {
  const trace = (entry: number) => seriesOf(story.columns, 'test_accuracy', entry);
  const base = trace(0);
  if (base.steps.length === 0 || members.length === 0) return null;
  const first = base.steps.find((step) => step > 0) ?? 1;
  return {
    base,
    range: [first, longest(story)],
    panels: members.map((entrant) => ({
      label: kind.label(entrant, story),
      note: sayNote(story, entrant),
      trace: trace(entrant.entry),
      colour: colours[entrant.entry === 1 ? 'ticket' : 'other'],
    })),
  };
}

function sayNote(story: Story, entrant: Entrant): string {
  const { reached, accuracy } = standingOf(story, entrant);
  if (accuracy === null) return '';
  if (reached[1] != null) return `95 % at ${sayCount(reached[1])}`;
  if (reached[0] != null) return `50 % at ${sayCount(reached[0])}, ends at ${sayShare(accuracy)}`;
  return `ends at ${sayShare(accuracy)}`;
}
