/** What the bench page computes before it draws: roofs, places of marks, crossings, the filter, and which files are reports. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../benches/read-report';
import { findBenches } from '../../benches/registry';
import { reasonToSkip, type Ceilings, type Result, type Row } from '../../benches/run';
import { intensityOf, ridgeOf, roofAt, rooflineScene } from '../../demos/bench/roofline';
import { kindOf } from '../../demos/bench/rows';
import { frameOf, nearestMark, type Mark } from '../../demos/bench/scene';
import { crossingOf, linesOf, PLAIN, sweepScene } from '../../demos/bench/sweep';
import { ratioTo } from '../../demos/bench/table';
import { partsOf, toggleTopic, topics } from '../../demos/bench/topics';

const ceilings: Ceilings = {
  copy: { contender: 'copy', gbs: 100 },
  fma: { contender: 'fma', gflops: 2000 },
};

function rowOf(contender: string, seconds: number, more: Partial<Row> = {}): Row {
  const spread = { lower: 0.9 * seconds, median: seconds, upper: 1.1 * seconds };
  return { contender, on: 'adapter', seconds: spread, rate: 1 / seconds, items: 1, ...more };
}

function resultOf(name: string, rows: readonly Row[]): Result {
  return { name, title: name, unit: 'steps', rows, conclusions: [] };
}

describe('the roofline', () => {
  it('rises with the bytes up to the ridge and is flat beyond', () => {
    expect(ridgeOf(ceilings)).toBe(20);
    expect(roofAt(2, ceilings)).toBe(200);
    expect(roofAt(20, ceilings)).toBe(2000);
    expect(roofAt(500, ceilings)).toBe(2000);
  });

  it('puts rows at their arithmetic per byte, and those of bytes alone at their share of the slope', () => {
    const product = rowOf('kernel', 1e-3, { flops: 1e9, bytes: 1e7, gflops: 1000, gbs: 10 });
    const copy = rowOf('kernel', 1e-3, { bytes: 5e7, gbs: 50 });
    expect(intensityOf(product)).toBe(100);
    expect(intensityOf(copy)).toBeNull();
    const { marks, title, aside } = rooflineScene(
      [
        resultOf('matmul/512', [
          { ...product, fractionOfCeiling: 0.5, boundBy: 'arithmetic' },
          { ...product, contender: 'control: the same again' },
          { contender: 'broken', error: 'wrong' },
        ]),
        resultOf('copy/dense', [copy]),
      ],
      ceilings,
    );
    expect(marks).toHaveLength(2);
    const [at, alone] = [marks.find(({ x }) => x === 100), marks.find(({ x }) => x < 1)];
    expect(at?.y).toBe(1000);
    expect(alone!.y / roofAt(alone!.x, ceilings)).toBeCloseTo(0.5, 12);
    expect(alone!.x).toBeLessThan(aside!.to);
    expect(title).toBe('Nearest to its roof: matmul/512, at 50.0 % of the arithmetic ceiling');
  });

  it('holds every mark of the stored report inside its axes', () => {
    const file = new URL('../../demos/bench/reference-swiftshader.json', import.meta.url);
    const report = readReport(readFileSync(file, 'utf8'));
    const { marks, x, y } = rooflineScene(report.results, report.ceilings!);
    expect(marks.length).toBeGreaterThan(50);
    for (const mark of marks) {
      expect(mark.x).toBeGreaterThan(x.range[0]);
      expect(mark.x).toBeLessThan(x.range[1]);
      expect(mark.y).toBeGreaterThan(y.range[0]);
      expect(mark.y).toBeLessThan(y.range[1]);
    }
  });

  it('tells contenders apart', () => {
    expect(kindOf({ contender: 'chosen', on: 'adapter' }, 0)).toBe('kernel');
    expect(kindOf({ contender: 'registers 4×4', on: 'adapter' }, 2)).toBe('variant');
    expect(kindOf({ contender: 'jax-js, all positions', on: 'adapter' }, 3)).toBe('library');
    expect(kindOf({ contender: PLAIN, on: 'cpu' }, 4)).toBe('cpu');
  });
});

describe('a frame', () => {
  const frame = frameOf(
    { x: { range: [1, 100], label: '' }, y: { range: [1, 100], label: '' } },
    400,
    300,
    16,
  );

  it('is logarithmic both ways', () => {
    expect(frame.x(10)).toBeCloseTo((frame.left + frame.right) / 2, 9);
    expect(frame.y(1)).toBeCloseTo(frame.bottom, 9);
    expect(frame.y(100)).toBeCloseTo(frame.top, 9);
  });

  it('finds the mark that is nearest, within reach', () => {
    const marks: Mark[] = [1, 10, 100].map((at) => ({ x: at, y: at, kind: 'kernel', said: '' }));
    expect(nearestMark(marks, frame, [frame.x(10) + 5, frame.y(10)], 20)).toBe(1);
    expect(nearestMark(marks, frame, [frame.x(10), frame.top], 20)).toBeNull();
  });
});

describe('a sweep', () => {
  const point = (who: string, size: number, rate: number): Row =>
    rowOf(`replicas ${size}: ${who}`, 1 / rate, { rate, place: { axis: 'replicas', size, who } });
  const race = resultOf('crossover/replicas', [
    point('GPU', 1, 100),
    { ...point('GPU', 1, 100), contender: 'control: the same again' },
    point('GPU', 16, 1600),
    point(PLAIN, 16, 400),
    point(PLAIN, 1, 400),
  ]);

  it('is a line for each who did it, by size', () => {
    const lines = linesOf(race);
    expect([...lines.keys()]).toEqual(['GPU', PLAIN]);
    expect(lines.get(PLAIN)?.map(({ size }) => size)).toEqual([1, 16]);
  });

  it('crosses where the ratio is one, in logarithms', () => {
    const crossing = crossingOf(race);
    expect(crossing?.kind).toBe('at');
    expect(crossing?.x).toBeCloseTo(4, 9);
    const scene = sweepScene(race);
    expect(scene?.title).toBe('The GPU overtakes a plain loop at replicas 4');
    expect(scene?.crossing?.x).toBeCloseTo(4, 9);
  });

  it('without a loop says how the rate changes, and without rows is none', () => {
    const alone = resultOf('scaling/replicas', race.rows.slice(0, 3));
    expect(crossingOf(alone)).toBeNull();
    expect(sweepScene(alone)?.title).toBe('From replicas 1 to 16: 16.0 times the steps a second');
    expect(sweepScene(resultOf('scaling/width', [{ contender: 'a', error: 'b' }]))).toBeNull();
  });
});

it('rates are compared with the row of the same name', () => {
  const twin = resultOf('a', [rowOf('kernel', 2)]);
  expect(ratioTo(rowOf('kernel', 1), twin)).toBe('2.00×');
  expect(ratioTo(rowOf('other', 1), twin)).toBe('');
  expect(ratioTo(rowOf('kernel', 1), undefined)).toBe('');
});

describe('topics', () => {
  it('are those of the registry, quick ones marked', async () => {
    const benches = await findBenches('');
    const topicOf = (name: string): string => name.split('/')[0]!;
    expect(topics.map(({ name }) => name).sort()).toEqual(
      [...new Set(benches.map(({ name }) => topicOf(name)))].sort(),
    );
    const gpu = { adapter: { fallback: false } };
    const quick = benches.filter(
      (bench) => reasonToSkip(bench, { gpu, quick: true, named: false }) === null,
    );
    // A topic that is a bench's whole name runs it, and all that a topic finds is of that topic.
    expect(
      topics
        .filter((topic) => topic.quick)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...new Set(quick.map(({ name }) => topicOf(name)))].sort());
  });

  it('go into the filter and out of it', () => {
    expect(partsOf(' matmul, dft ,')).toEqual(['matmul', 'dft']);
    expect(toggleTopic('matmul/256', 'dft', true)).toBe('matmul/256,dft');
    expect(toggleTopic('matmul,dft', 'matmul', false)).toBe('dft');
  });
});

describe('a file', () => {
  const good = {
    ...{ schema: 2, date: '2026-01-02', commit: null, quick: false, stopped: false },
    environment: { host: '', driver: '', vendor: '', architecture: '', description: '' },
    ...{ ceilings, results: [resultOf('a', [rowOf('kernel', 1)])] },
  };

  it('that is a report is read', () => {
    expect(readReport(JSON.stringify(good)).results).toHaveLength(1);
  });

  it.each([
    [{ ...good, environment: {} }, 'does not say on what it was measured'],
    [{ ...good, ceilings: { copy: { gbs: 'many' } } }, 'has ceilings that are no numbers'],
    [{ ...good, results: {} }, 'has no list of results'],
    [
      { ...good, results: [...good.results, { name: 'b' }] },
      'has a result, number 2, that is none',
    ],
    [
      { ...good, results: [resultOf('a', [rowOf('kernel', -1)])] },
      'has a result, number 1, that is none',
    ],
  ])('that is none is refused with the reason', (report, message) => {
    expect(() => readReport(JSON.stringify(report))).toThrow(message);
  });
});
