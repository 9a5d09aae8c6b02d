/** The words of this page: the lines of its charts and the findings above them. */
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import { widthsOf } from '../../src/lab/experiments/lottery-shares';
import type { LineSpec } from '../shared/chart-options';
import type { Config } from '../shared/fields';
import { valueAt } from '../shared/fields';
import { sayCount, sayWhose } from '../shared/words';
import { levelOfClaim, meanOf, type Level } from './levels';
import { lotteryOf } from './setup';
import type { RoundMasks } from './masks';

const ticket = { label: 'ticket', storedLabel: 'ticket', colour: 'test', dash: [] } as const;
const random = {
  label: 'new start',
  storedLabel: 'new start',
  colour: 'random',
  dash: [6, 3],
} as const;
const dots = { points: true, sparse: true } as const;

const ofLevels = (metric: string): LineSpec[] => [
  { metric: `ticket_${metric}`, ...ticket, ...dots },
  { metric: `random_${metric}`, ...random, ...dots },
];
export const accuracyLines = ofLevels('accuracy');
export const stopLines = ofLevels('stop');
export const llcLines: readonly LineSpec[] = [
  { metric: 'llc', label: 'λ̂', colour: 'lambda', dash: [], error: 'llc_error', ...dots },
];
export const lossLines: readonly LineSpec[] = [
  { metric: 'dense', label: 'dense', storedLabel: 'dense', colour: 'norm', dash: [2, 3] },
  { metric: 'ticket', ...ticket },
  { metric: 'random', ...random },
];

/** 0.2134 → "21 %", 0.0436 → "4.4 %". */
export function sayLeft(share: number): string {
  const percent = 100 * share;
  return `${percent >= 9.95 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

/** With two digits behind the point: differences between networks are tenths of a point. */
export function sayAccuracy(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

export function sayAccuracies(levels: readonly Level[], stored: boolean): string {
  const level = levelOfClaim(levels);
  const [dense] = levels;
  if (dense === undefined) return 'Test accuracy against the share of weights left';
  const whole = sayAccuracy(meanOf(dense.tickets, 'testAccuracy'));
  if (level === null) return sayWhose(stored, `test accuracy of the dense networks: ${whole}`);
  const [own, other] = [level.tickets, level.random].map((one) => meanOf(one, 'testAccuracy'));
  const rest = level.random.length > 0 ? `, new starts ${sayAccuracy(other ?? NaN)}` : '';
  const at = `at ${sayLeft(level.left)} of the weights`;
  return sayWhose(stored, `${at}: tickets ${sayAccuracy(own ?? NaN)}${rest}, dense ${whole}`);
}

export function sayStops(levels: readonly Level[], stored: boolean): string {
  const level = levelOfClaim(levels);
  const [dense] = levels;
  if (dense === undefined) return 'The step of the least validation loss';
  const whole = sayCount(meanOf(dense.tickets, 'earlyStop'));
  if (level === null) return sayWhose(stored, `the dense networks stop at step ${whole}`);
  const [own, other] = [level.tickets, level.random].map((one) => meanOf(one, 'earlyStop'));
  const rest = level.random.length > 0 ? `, new starts at ${sayCount(other ?? NaN)}` : '';
  const at = `at ${sayLeft(level.left)}`;
  return sayWhose(
    stored,
    `${at} tickets stop at step ${sayCount(own ?? NaN)}${rest}, dense networks at ${whole}`,
  );
}

/** Of the validation losses of a round. */
export function sayLosses(level: Level | null): string {
  if (level === null || level.round === 0) return 'Validation loss falls, then rises again';
  return `Validation loss with ${sayLeft(level.left)} of the weights, beside the dense networks`;
}

/** How much more the middle of the image keeps than its rim. */
export function sayPixels(masks: readonly RoundMasks[]): string {
  const last = masks.at(-1);
  if (last === undefined) return 'Where the first layer still looks';
  const ratio = middleOverRim(last);
  if (!Number.isFinite(ratio) || ratio < 1.15) return 'Where the first layer still looks';
  return `The middle of the image keeps ${ratio.toFixed(1)} times as many weights as its rim`;
}

/** Mean share in the middle square of half the side, over that in the outermost pixels. */
export function middleOverRim({ pixels, side }: RoundMasks): number {
  let [middle, inside, rim, outside] = [0, 0, 0, 0];
  pixels.forEach((share, k) => {
    const [row, column] = [Math.floor(k / side), k % side];
    const edge = Math.min(row, column, side - 1 - row, side - 1 - column);
    if (edge === 0) [rim, outside] = [rim + share, outside + 1];
    else if (edge >= side / 4) [middle, inside] = [middle + share, inside + 1];
  });
  return middle / inside / (rim / outside);
}

/** Model and data in one line, from the configuration alone. */
export function sayModel(config: object): string {
  const lottery: LotteryConfig = lotteryOf(config);
  const { data, rounds, networks, random: starts } = lottery;
  const shape = widthsOf(lottery).join('–');
  const trials = networks === 1 ? 'one trial' : `${networks} trials`;
  const beside = starts > 1 ? `, ${starts} new starts each` : '';
  return `${shape} ReLU network, ${sayCount(data.train)} drawn digits, ${rounds} rounds, ${trials}${beside}`;
}

/** Why a setting does nothing in this configuration, or null when it does. */
export function sayIdle(path: string, config: Config): string | null {
  const sgd = valueAt(config, 'optimizer.kind') === 'sgd';
  if (path === 'optimizer.momentum' && !sgd) return 'Only SGD has it.';
  const adam = ['beta1', 'beta2', 'epsilon'].map((key) => `optimizer.${key}`);
  if (adam.includes(path) && sgd) return 'Only Adam and AdamW have it.';
  return null;
}
