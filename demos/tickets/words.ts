/** The words of this page: findings above the figures, tensors by what they do. */
import type { Config } from '../shared/fields';
import { sayModularIdle } from '../shared/modular-words';
import { sayCount, sayNumber, sayShare, sayWhose } from '../shared/words';
import { sayPruned } from './entrants';
import { AT_START } from '../../src/lab/experiments/tickets-plan';
import { raceOf } from './setup';
import { shares, standingOf, type Standing, type Story } from './story';

const tensors: Readonly<Record<string, readonly [string, string]>> = {
  'embed.weight': ['the embedding', 'Embedding'],
  'mlp.in.weight': ['W_in', 'W_in, into the neurons'],
  'mlp.out.weight': ['W_out', 'W_out, out of the neurons'],
  'unembed.weight': ['the unembedding', 'Unembedding'],
};

/** Within a sentence, and at the head of a line. */
export function sayTensor(name: string): readonly [string, string] {
  const plain = name.replace(/\.weight$/, '').replaceAll('.', ' ');
  return tensors[name] ?? [plain, plain];
}

/** 0.4 → "40 %", 0.1659 → "17 %". */
export function sayDensity(share: number): string {
  const percent = 100 * share;
  return `${percent >= 9.95 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

/** The finding above the race: the largest share that both have reached, and how much sooner the ticket was. */
export function sayRace(story: Story): string {
  const [base, ticket] = story.entrants.slice(0, 2).map((one) => standingOf(story, one));
  const plain = 'Test accuracy of a network, and of what is left of it';
  if (base === undefined || ticket === undefined || base.accuracy === null) return plain;
  const { stored } = story;
  const both = [1, 0].find((k) => base.reached[k] != null && ticket.reached[k] != null);
  if (both !== undefined) {
    const [own, its] = [ticket.reached[both] ?? 0, base.reached[both] ?? 0];
    const share = sayShare(shares[both] ?? 0).replace('.0', '');
    return sayWhose(
      stored,
      `test accuracy is ${share} at step ${sayCount(own)} with the ticket, at ${sayCount(its)} with its base: ${sayTimes(its / own)}`,
    );
  }
  const half = base.reached[0];
  const of = half == null ? '' : `, 50 % at step ${sayCount(half)}`;
  const whole = `the base is at ${sayShare(base.accuracy)} after ${sayCount(base.taken)} steps${of}`;
  if (ticket.accuracy === null) return sayWhose(stored, whole);
  return sayWhose(
    stored,
    `the ticket is at ${sayShare(ticket.accuracy)} after ${sayCount(ticket.taken)} steps; ${whole}`,
  );
}

export function sayTimes(ratio: number): string {
  if (ratio < 1) return `${sayNumber(1 / ratio)} times later`;
  return `${ratio < 10 ? Number(ratio.toPrecision(2)) : Math.round(ratio)} times sooner`;
}

/** How many times as fast as the base at the largest share that both reached, of 95 % and 50 %. */
export function speedUp(base: Standing, own: Standing): number | null {
  for (const k of [1, 0]) {
    const [its, mine] = [base.reached[k] ?? null, own.reached[k] ?? null];
    if (its !== null && mine !== null) return its / mine;
  }
  return null;
}

export function sayEntropies(story: Story): string {
  const [base, ticket] = story.entrants.slice(0, 2).map((one) => standingOf(story, one).entropy);
  if (base == null) return 'Entropy of the frequencies that the neurons read';
  const rest = ticket == null ? '' : `, of the ticket ${sayNumber(ticket)}`;
  return sayWhose(
    story.stored,
    `neurons settle on frequencies: entropy of the base ${sayNumber(base)}${rest}`,
  );
}

/** What the button will do. */
export function sayExtract(config: Config, steps: number): string {
  const { pruned, sourceStep, rewindStep } = raceOf(config);
  const from =
    sourceStep >= steps ? `the end, step ${sayCount(steps)},` : `step ${sayCount(sourceStep)}`;
  return `The smallest ${sayPruned(pruned)} of the weights at ${from} are taken away; the others go back to step ${sayCount(rewindStep)}.`;
}

/** Why a setting does nothing in this configuration, or null when it does. */
export function sayIdle(path: string, config: Config): string | null {
  if (path !== 'race.rivalSteps') return sayModularIdle(path, config);
  const { rivals } = raceOf(config);
  return rivals.some((word) => AT_START.some((one) => one === word))
    ? null
    : 'No rival is pruned at the start.';
}
