/** The calls of a caller who waits for nothing, and of one who waits for each: a program gives both the same. */
import { expect } from 'vitest';
import type { Program, Snapshot } from '../../src/graph/program';

interface Given {
  /** All rows, in the order of the calls. */
  readonly rows: readonly number[];
  readonly snapshots: readonly Snapshot[];
}

/** On two programs freshly made, both disposed of in the end: the same bits, snapshots in their place. */
export async function expectSameUnawaited(open: () => Promise<Program>): Promise<void> {
  const [eager, patient] = [await open(), await open()];
  await patient.advance(2);
  const earlier = await patient.save();
  patient.restore(await eager.save());
  const expected = await drive(patient, earlier, true);
  expect(expected.snapshots.map(({ step }) => step)).toEqual([20, 2, 11]);
  expect(await drive(eager, earlier, false)).toEqual(expected);
  eager.dispose();
  patient.dispose();
}

/** Steps and a snapshot, `earlier` put back, steps and a snapshot: more submits than may be in flight before each of them. */
async function drive(program: Program, earlier: Snapshot, waits: boolean): Promise<Given> {
  const rows: Promise<ArrayLike<number>>[] = [];
  const snapshots: Promise<Snapshot>[] = [];
  const advance = async (counts: readonly number[]): Promise<void> => {
    for (const count of counts) {
      const found = program.advance(count).then((batch) => batch.rows);
      rows.push(found);
      if (waits) await found;
    }
  };
  const save = async (): Promise<void> => {
    const saved = program.save();
    snapshots.push(saved);
    if (waits) await saved;
  };
  const restore = (): Promise<void> => {
    const own = structuredClone(earlier);
    program.restore(own);
    // What is put back is what it held at the call.
    for (const values of [own.parameters, ...Object.values(own.state)]) values.fill(NaN);
    return Promise.resolve();
  };
  const calls: readonly (() => Promise<void>)[] = [
    () => advance([5, 5, 5, 5]),
    save,
    () => advance([1, 2, 1]),
    restore,
    save,
    () => advance([3, 4, 2]),
    save,
  ];
  for (const call of calls) {
    const called = call();
    if (waits) await called;
  }
  return {
    rows: (await Promise.all(rows)).flatMap((values) => Array.from(values)),
    snapshots: await Promise.all(snapshots),
  };
}
