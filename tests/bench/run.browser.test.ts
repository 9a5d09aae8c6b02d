/** A quick run on the device: contenders that check themselves, and the report that others read. */
import { expect, it } from 'vitest';
import { describeAdapter } from '../../benches/environment';
import { runBenches } from '../../benches/run';
import type { Report, Request } from '../../benches/run';

const timing = { milliseconds: 3, rounds: 3, budgetSeconds: 0.1, now: () => performance.now() };
const request: Request = {
  filter: 'cross-entropy/715x53,gather/1536,copy/transp',
  ...{ peers: false, quick: true, runtime: 'chrome', host: 'test', driver: '', commit: 'abc' },
  timing,
};

async function run(more: Partial<Request> = {}, onResult = (_: string): void => {}) {
  const told: string[] = [];
  const kept: Report[] = [];
  const report = await runBenches(
    { ...request, ...more },
    {
      progress: () => {},
      measured: (_, ceilings) => told.push(`ceilings ${ceilings !== null}`),
      started: ({ name }, at, total) => told.push(`${at + 1}/${total} ${name}`),
      kept: (report) => kept.push(report),
      finished({ name }) {
        told.push(`done ${name}`);
        onResult(name);
      },
    },
  );
  // Whoever reads it reads JSON.
  return { report: JSON.parse(JSON.stringify(report)) as Report, told, kept };
}

it('measures ceilings first, then every bench, and reports rows that stand for themselves', async () => {
  const { report, told } = await run();
  const names = ['copy/transposed', 'cross-entropy/715x53', 'cross-entropy/715x53/gradient'];
  names.push('gather/1536x128');
  expect(told).toEqual([
    'ceilings true',
    ...names.flatMap((name, at) => [`${at + 1}/4 ${name}`, `done ${name}`]),
  ]);
  expect(report).toMatchObject({ schema: 2, commit: 'abc', quick: true, stopped: false });
  expect(Date.parse(report.date)).not.toBeNaN();
  const { environment, ceilings, results } = report;
  expect(environment).toMatchObject({ runtime: 'chrome', host: 'test' });
  expect(ceilings!.copy.gbs).toBeGreaterThan(0);
  expect(ceilings!.fma.gflops).toBeGreaterThan(0);
  expect(results[0].skipped).toMatch(/quick/);
  expect(results[0].rows).toEqual([]);
  for (const { name, rows, control } of results.slice(1)) {
    expect(rows.map(({ contender }) => contender)).toEqual([
      'kernel',
      'control: the same again',
      'plain float32 loop',
      'float64 reference',
    ]);
    expect(control!.speed.median, name).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.error, `${name}: ${row.contender}`).toBeUndefined();
      expect(row.adapter).toBe(describeAdapter(environment));
      expect(row.fallback).toBe(environment.fallback);
      expect(row.samples).toHaveLength(3);
      const { lower, median, upper } = row.seconds!;
      expect(lower).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(upper);
      expect(row.gbs).toBeCloseTo(row.bytes! / median / 1e9, 9);
      expect(row.rate).toBeCloseTo(1 / median, 6);
      expect(row.speed).toBeCloseTo(row.rate! / rows[0].rate!, 9);
      if (row.on === 'cpu') expect(row).not.toHaveProperty('fractionOfCeiling');
      else expect(row.fractionOfCeiling).toBeCloseTo(row.gbs! / ceilings!.copy.gbs, 9);
    }
  }
});

it('ends between benches when told to, with what it has', async () => {
  const stop = new AbortController();
  const { report } = await run({ signal: stop.signal }, () => stop.abort());
  expect(report.stopped).toBe(true);
  expect(report.results.map(({ name }) => name)).toEqual(['copy/transposed']);
});

it('hands over the report after each bench, so that only what is under way can be lost', async () => {
  const { report, kept } = await run({ filter: 'copy/transp,gather/1536' });
  expect(kept.map(({ results, stopped }) => [results.length, stopped])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(kept.at(-1)).toEqual(report);
});

it('refuses a software adapter where a card was asked for', async () => {
  await expect(run({ filter: 'copy/transp', card: true })).rejects.toThrow(
    /^a card was asked for \(CUSP_GPU=1\), and the adapter is software: .*swiftshader.*VK_DRIVER_FILES/i,
  );
});

it('refuses a filter that finds nothing', async () => {
  await expect(run({ filter: 'nothing' })).rejects.toThrow('no bench has "nothing" in its name');
});
