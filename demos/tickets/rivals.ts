/** Who races the ticket, each a word: `0.9` pruned more, `@2000` from an earlier step, `snip` pruned at the start, `l1` dense of its norm. */
import { BadConfig } from '../../src/gpu/errors';
import { METHODS } from '../../src/prune/types';
import { AT_START } from '../../src/lab/experiments/tickets-plan';
import type { Race } from './setup';

export interface RivalChoice {
  readonly word: string;
  readonly label: string;
  readonly help: string;
}

/** Rivals to tick; shares and steps are written. */
export const rivalChoices: readonly RivalChoice[] = [
  {
    word: 'l1',
    label: 'dense, norm L1',
    help: 'Not pruned, scaled to the mean L1 norm of the ticket',
  },
  {
    word: 'l2',
    label: 'dense, norm L2',
    help: 'Not pruned, scaled to the mean L2 norm of the ticket',
  },
  {
    word: 'reinitialised',
    label: 'new weights',
    help: 'The mask of the ticket on new random weights',
  },
  { word: 'no-decay', label: 'no decay', help: 'The ticket without weight decay' },
  {
    word: 'iterative',
    label: 'iterative',
    help: 'Pruned in five rounds of training and rewinding',
  },
  { word: 'random', label: 'random', help: 'A random mask of the same density' },
  {
    word: 'magnitude-at-init',
    label: 'size at start',
    help: 'The largest weights before training',
  },
  { word: 'snip', label: 'SNIP', help: '|θ·∂L/∂θ| before training (Lee et al. 2019)' },
  { word: 'grasp', label: 'GraSP', help: 'θ·Hg before training (Wang et al. 2020)' },
  { word: 'synflow', label: 'SynFlow', help: 'Flow through |θ| (Tanaka et al. 2020), at once' },
  { word: 'synflow-100', label: 'SynFlow 100', help: 'The same in 100 rounds' },
];

/** `@2000` → 2000, else null. */
export function stepIn(word: string): number | null {
  const found = /^@(\d{1,8})$/.exec(word);
  return found === null ? null : Number(found[1]);
}

/** `0.9` → 0.9, else null. */
export function shareIn(word: string): number | null {
  const value = /^0?\.\d+$/.test(word) ? Number(word) : NaN;
  return value > 0 && value < 1 ? value : null;
}

/** Words as the address and the box write them; a number is a share. */
export function readRivals(value: unknown, path: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  const words = list.map((one) => String(one).trim()).filter((word) => word !== '');
  const unknown = words.find((word) => !isKnown(word));
  if (unknown !== undefined || words.length > 24) {
    throw new BadConfig(path, {
      asked:
        unknown === undefined
          ? `${words.length} rivals`
          : `no rival is called “${unknown.slice(0, 40)}”`,
      limit: `at most 24 of ${rivalChoices.map(({ word }) => word).join(', ')}, shares like 0.9, steps like @2000`,
      remedy: 'Name others',
    });
  }
  return [...new Set(words)];
}

function isKnown(word: string): boolean {
  return (
    stepIn(word) !== null || shareIn(word) !== null || rivalChoices.some((one) => one.word === word)
  );
}

/** The experiment's variant of a word; `ticket` is the one that the page is about. `baseSteps` as a source is the base's end. */
export function variantOf(word: string, race: Race, baseSteps: number): object {
  const { pruned, rewindStep, rivalSteps } = race;
  const from = (step: number): number | null => (step >= baseSteps ? null : step);
  const sourceStep = from(race.sourceStep);
  const common = { pruned, rewindStep };
  const [share, step] = [shareIn(word), stepIn(word)];
  if (share !== null) return { ...common, pruned: share, sourceStep };
  if (step !== null)
    return { ...common, sourceStep: from(step), rewindStep: Math.min(rewindStep, step) };
  switch (word) {
    case 'ticket':
      return { ...common, sourceStep };
    case 'l1':
    case 'l2':
      return { ...common, method: 'dense', start: `scaled-${word}`, sourceStep };
    case 'reinitialised':
      return { ...common, start: 'reinitialise', sourceStep };
    case 'no-decay':
      return { ...common, weightDecay: 0, sourceStep };
  }
  const method = METHODS.find((one) => one === word) ?? word;
  const atStart = AT_START.some((one) => one === word);
  return {
    ...common,
    method,
    ...(atStart ? rivalSteps > 0 && { steps: rivalSteps } : { sourceStep }),
  };
}
