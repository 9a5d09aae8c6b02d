/** `results` of a lottery run: a level per round of pruning, the dense network first. */
export interface LotteryResults {
  readonly levels: readonly LotteryLevel[];
}

export interface LotteryLevel {
  readonly round: number;
  /** Share of weights left, in all and by tensor. */
  readonly left: number;
  readonly tensors: Readonly<Record<string, number>>;
  readonly tickets: readonly Trial[];
  /** The same masks on other starts. */
  readonly random: readonly Trial[];
  readonly llc: unknown;
}

export interface Trial {
  /** Step of the least validation loss, the early-stopping criterion of Frankle and Carbin; null before the first row. */
  readonly earlyStop: number | null;
  readonly validationLoss: number | null;
  /** Accuracies at that step. */
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  /** At the last step. */
  readonly finalTestAccuracy: number | null;
  readonly finalTrainAccuracy: number | null;
}
