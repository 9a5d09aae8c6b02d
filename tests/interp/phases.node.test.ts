import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPhases, type PhaseColumns } from '../../src/interp/phases';
import { watchMilestones } from '../../src/lab/milestones';
import { buildRun } from './plain';

describe('phases', () => {
  // Steps of the authors' run at p = 113 with their losses; accuracy is known at once.
  const steps = [0, 500, 1400, 5000, 8000, 9400, 10_000, 11_000, 12_500, 14_000];
  const columns = {
    steps,
    train_accuracy: [0.01, ...steps.slice(1).map(() => 1)],
    restricted_loss: [5.1, 4.35, 3.27, 1.52, 0.315, 7.3e-3, 5.2e-5, 4e-7, 1.4e-8, 4.6e-8],
    test_loss: [5.1, 19.4, 27.7, 22.2, 13.2, 4.4, 0.62, 2.4e-3, 8.1e-5, 8e-7],
  };

  it('of a run that groks', () => {
    expect(findPhases(columns)).toEqual({ memorised: 500, circuitFormed: 9400, cleanedUp: 12_500 });
  });

  it('begin each where the one before began, and count values on the line', () => {
    const at = { steps: [3], train_accuracy: [0.99], restricted_loss: [0.1], test_loss: [1e-3] };
    expect(findPhases(at)).toEqual({ memorised: 3, circuitFormed: 3, cleanedUp: 3 });
  });

  it('do not count what was low before the phase, nor what was not measured', () => {
    const early = {
      steps: [0, 1, 2, 3],
      train_accuracy: [0, null, 1, 1],
      restricted_loss: [0.01, 0.01, NaN, undefined],
      test_loss: [1e-4, 1e-4, 1e-4, 1e-4],
    };
    expect(findPhases(early)).toEqual({ memorised: 2, circuitFormed: null, cleanedUp: null });
    expect(
      findPhases({ steps: [], train_accuracy: [], restricted_loss: [], test_loss: [] }),
    ).toEqual({
      memorised: null,
      circuitFormed: null,
      cleanedUp: null,
    });
  });

  it('are the events of a run with measures', () => {
    const { milestones } = buildRun({
      data: { modulus: 5 },
      network: { width: 4, hidden: 4 },
    }).model;
    const value = (...of: number[]): fc.Arbitrary<number> => fc.constantFrom(...of);
    const rows = fc.array(
      fc.tuple(value(0.5, 0.99, 1, NaN), value(1, 0.1, 0.01, NaN), value(1, 1e-3, 1e-5, NaN)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(rows, (given) => {
        const run: PhaseColumns = {
          steps: given.map((_, k) => 10 * k),
          train_accuracy: given.map(([x]) => x),
          restricted_loss: given.map(([, x]) => x),
          test_loss: given.map(([, , x]) => x),
        };
        const watch = watchMilestones(milestones);
        given.forEach(([train_accuracy, restricted_loss, test_loss], k) =>
          watch.observeRow(10 * k, {
            train_accuracy: [train_accuracy],
            restricted_loss: [restricted_loss],
            test_loss: [test_loss],
          }),
        );
        const stepOf = (name: string): number | null =>
          watch.events.find((event) => event.name === name)?.step ?? null;
        expect(findPhases(run)).toEqual({
          memorised: stepOf('memorised'),
          circuitFormed: stepOf('circuit-formed'),
          cleanedUp: stepOf('cleaned-up'),
        });
      }),
    );
  });
});
