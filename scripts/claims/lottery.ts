/** Claims about lottery tickets (Frankle and Carbin), on digits drawn by the project instead of MNIST. */
import type {
  LotteryLevel,
  LotteryResults,
  Trial,
} from '../../src/lab/experiments/lottery-results';
import type { RunRecord } from '../../src/lab/record';
import type { Claim } from './types';
import { percent, vary } from './words';

const LTH = 'Frankle and Carbin, arXiv 1803.03635, LeNet-300-100 on MNIST';
const SEEDS = [0, 1, 2];
const runs = SEEDS.map((seed) => vary('lottery.digits', { seed }));

/** Levels of all runs, each with the trials of all of them. */
function levelsOf(records: readonly RunRecord[]): LotteryLevel[] {
  const all = records.map((record) => (record.results as LotteryResults).levels);
  return all[0].map((level, k) => ({
    ...level,
    tickets: all.flatMap((levels) => levels[k].tickets),
    random: all.flatMap((levels) => levels[k].random),
  }));
}

/** The level whose share of weights left is nearest. */
function levelAt(records: readonly RunRecord[], left: number): LotteryLevel {
  return levelsOf(records).reduce((best, level) =>
    Math.abs(level.left - left) < Math.abs(best.left - left) ? level : best,
  );
}

function mean(trials: readonly Trial[], key: keyof Trial): number {
  return trials.reduce((sum, trial) => sum + (trial[key] ?? NaN), 0) / trials.length;
}

export const claims: readonly Claim[] = [
  {
    name: 'lottery/speed',
    claim:
      'The winning ticket at about 20 % of the weights reaches its best validation loss no later than the dense network',
    source: LTH,
    theirs: '38 % earlier at 21.1 %',
    runs,
    judge(records) {
      const [dense] = levelsOf(records);
      const ticket = levelAt(records, 0.2);
      const [before, after] = [mean(dense.tickets, 'earlyStop'), mean(ticket.tickets, 'earlyStop')];
      return {
        ours: `dense ${before.toFixed(0)}, at ${percent(ticket.left)} ${after.toFixed(0)}`,
        holds: after <= before,
      };
    },
  },
  {
    name: 'lottery/accuracy',
    claim: 'It is at least as right as the dense network where each stops',
    source: LTH,
    theirs: 'higher at 51 % and 21 %; back to the level of the dense at 3.6 %',
    runs,
    judge(records) {
      const [dense] = levelsOf(records);
      const ticket = levelAt(records, 0.2);
      const [before, after] = [
        mean(dense.tickets, 'testAccuracy'),
        mean(ticket.tickets, 'testAccuracy'),
      ];
      return {
        ours: `dense ${(100 * before).toFixed(2)} %, at ${percent(ticket.left)} ${(100 * after).toFixed(2)} %`,
        holds: after >= before,
      };
    },
  },
  {
    name: 'lottery/random',
    claim: 'The same mask on a random start is slower and less accurate',
    source: LTH,
    theirs: '2.5 times as slow, half a point worse at 21 %',
    runs,
    judge(records) {
      const { tickets, random, left } = levelAt(records, 0.2);
      const accuracy = [mean(tickets, 'testAccuracy'), mean(random, 'testAccuracy')];
      const steps = [mean(tickets, 'earlyStop'), mean(random, 'earlyStop')];
      return {
        ours: `at ${percent(left)}: ${(100 * accuracy[0]).toFixed(2)} % in ${steps[0].toFixed(0)}, re-initialised ${(100 * accuracy[1]).toFixed(2)} % in ${steps[1].toFixed(0)}`,
        holds: accuracy[0] > accuracy[1] && steps[0] < steps[1],
      };
    },
  },
];
