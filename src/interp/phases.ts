/** When a run memorised, formed its circuit and cleaned up, by its measures. */

/** Least train accuracy of a network that has memorised. */
export const MEMORISED = 0.99;
/** Largest restricted loss of a network whose circuit is there, in nats. */
export const CIRCUIT_FORMED = 0.1;
/** Largest test loss of a network that has cleaned up, in nats. */
export const CLEANED_UP = 1e-3;

/** Columns of one replica, an entry a step; null, undefined or NaN where it was not measured there. */
export interface PhaseColumns {
  /** Ascending. */
  readonly steps: ArrayLike<number>;
  readonly train_accuracy: ArrayLike<number | null | undefined>;
  readonly restricted_loss: ArrayLike<number | null | undefined>;
  readonly test_loss: ArrayLike<number | null | undefined>;
}

/** Steps; null for what did not happen. */
export interface Phases {
  readonly memorised: number | null;
  readonly circuitFormed: number | null;
  readonly cleanedUp: number | null;
}

/**
 * Memorised: the first step with a train accuracy of at least 99 %. Circuit formed: the first from there with a restricted loss of at
 * most 0.1. Cleaned up: the first from there with a test loss of at most 1e-3. Each may be the step of the one before.
 *
 * Nanda et al. (arXiv 2301.05217) tell three phases apart by eye. In memorisation train loss falls and so does excluded loss: nothing
 * is done by the key frequencies yet. In circuit formation restricted loss falls and excluded loss rises while test loss stays high:
 * the general solution grows beside what is memorised. In clean-up weight decay takes the memorised part away and test loss falls.
 * The three steps here mark ends: `memorised` lies in the first phase, as soon as the table is known; the second is done by
 * `circuitFormed`, the third by `cleanedUp`. In the authors' run (p = 113) restricted loss passes 0.1 between steps 8,000 and 9,400
 * and test loss 1e-3 between 11,000 and 12,500; their phases end at 1,400, 9,400 and 14,000. A network that generalises at once
 * passes all three in a few steps: the steps say when, not that there was a delay.
 */
export function findPhases(columns: PhaseColumns): Phases {
  const { steps, train_accuracy: accuracy, restricted_loss: restricted, test_loss: test } = columns;
  const first = (
    from: number | null,
    column: PhaseColumns['test_loss'],
    meets: (value: number) => boolean,
  ): number | null => {
    for (let row = from ?? steps.length; row < steps.length; row++) {
      const value = column[row];
      if (typeof value === 'number' && meets(value)) return row;
    }
    return null;
  };
  const memorised = first(0, accuracy, (value) => value >= MEMORISED);
  const formed = first(memorised, restricted, (value) => value <= CIRCUIT_FORMED);
  const cleaned = first(formed, test, (value) => value <= CLEANED_UP);
  const stepOf = (row: number | null): number | null => (row === null ? null : steps[row]);
  return {
    memorised: stepOf(memorised),
    circuitFormed: stepOf(formed),
    cleanedUp: stepOf(cleaned),
  };
}
