/** A run of the lab trains on either path and comes to the same table. */
import { expect, it } from 'vitest';
import { openGpu } from '../../src/gpu/open';
import { drawSets, traceNetworks } from '../../src/lab/experiments/lottery-network';
import { lottery } from '../../src/lab/experiments/lottery';
import type { TrainingModel } from '../../src/lab/experiments/types';
import { startRun, type Run } from '../../src/lab/run';

function build(hidden: number): TrainingModel {
  const config = lottery.parse({
    experiment: 'lottery',
    data: { side: '14', train: 60, validation: 20, test: 20 },
    network: { hidden: [hidden] },
    batchSize: 12,
    steps: 20,
    evaluateEvery: 5,
  });
  const keys = [0, 1, 2].map((seed) => [seed, 0] as const);
  return traceNetworks(config, drawSets(config), { keys });
}

const start = (model: TrainingModel): Promise<Run> =>
  startRun({ model, onUpdate: () => undefined, runtime: 'chrome', openDevice: () => openGpu() });

async function finish(model: TrainingModel): Promise<{ onChip: boolean; rows: string }> {
  const run = await start(model);
  await run.advanceTo(run.total);
  const found = { onChip: 'variant' in run.program, rows: run.csv() };
  run.dispose();
  return found;
}

it('a small network trains on the chip, with the losses of the general path', async () => {
  const model = build(3);
  const chip = await finish({ ...model, chip: { ...model.chip!, prefer: 'on-chip' } });
  const general = await finish({ ...model, chip: { ...model.chip!, prefer: 'general' } });
  expect([chip.onChip, general.onChip]).toEqual([true, false]);
  const numbers = (csv: string): number[] => csv.split(/[,\n]/).slice(8).map(Number);
  const [a, b] = [numbers(chip.rows), numbers(general.rows)];
  expect(a.length).toBeGreaterThan(50);
  a.forEach((value, k) => {
    if (!Number.isNaN(value)) expect(Math.abs(value - b[k])).toBeLessThan(1e-4);
  });
});

it.each(['on-chip', 'general'] as const)('%s: a NaN ends a replica alone', async (prefer) => {
  const model = build(3);
  const run = await start({ ...model, chip: { ...model.chip!, prefer } });
  const snapshot = await run.program.save();
  snapshot.parameters[run.program.layout.stride] = NaN;
  run.program.restore(snapshot);
  await run.advanceTo(run.total);
  const lost = run.record().events.filter(({ name }) => name === 'diverged');
  expect(lost).toEqual([{ name: 'diverged', step: 0, replica: 1 }]);
  run.dispose();
});

it('a larger one does not, unless told to, and then says why it cannot', async () => {
  const model = build(300);
  const run = await start(model);
  expect('variant' in run.program).toBe(false);
  run.dispose();
  const told = { ...model, chip: { ...model.chip!, prefer: 'on-chip' } } as const;
  await expect(start(told)).rejects.toThrow(/^path: on-chip: .*a workgroup holds/);
});
