/** The bench page on its built files under a strict policy: two cheap benches are measured for real, in the worker of the page. */
import { AxePuppeteer } from '@axe-core/puppeteer';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readReport } from '../../benches/read-report';
import { closeVisits, count, openPages, saveFile, textOf, visit, waitForStatus } from './support';
import type { Pages, Visit } from './support';

let pages: Pages;
/** A finished measurement that several tests look at. */
let done: Visit;

const open = async (query = '', options = {}): Promise<Visit> => {
  const opened = await visit(pages.browser, `${pages.real}bench/index.html?${query}`, options);
  await opened.page.waitForFunction(() =>
    /^Stored report/.test(document.querySelector('#deck')?.textContent ?? ''),
  );
  return opened;
};

const rowsOf = (page: Visit['page'], bench: string): Promise<string[]> =>
  page.$$eval(`tbody[data-bench="${bench}"] tr:not(.bench):not(.words)`, (rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent).join('|')),
  );

beforeAll(async () => {
  pages = await openPages();
  done = await open('v=1&preset=quick&filter=copy/dense,softmax/1024x64');
  await done.page.click('#run');
  await waitForStatus(done.page, /^done/);
  await done.page.waitForSelector('tbody[data-bench="copy/dense"]');
});
afterEach(() => closeVisits(done));
afterAll(async () => {
  await pages.close();
});

describe('before any click', () => {
  test('shows the stored report and measures nothing', async () => {
    const { page, complaints } = await open();
    await expect.poll(() => textOf(page, '#status')).toBe('not measured yet');
    await expect
      .poll(() => textOf(page, '#deck'))
      .toMatch(
        /google swiftshader, a fallback adapter \(software\): [\d.]+ GB\/s and [\d.]+ GFLOP\/s at most/,
      );
    await expect
      .poll(() => textOf(page, '#roofline-title'))
      .toMatch(/^Nearest to its roof: \S+, at \d/);
    await expect.poll(() => textOf(page, '#crossover-title')).toMatch(/plain loop/);
    await expect.poll(() => count(page, 'tbody[data-bench]')).toBeGreaterThan(20);
    expect(page.workers()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('is whole for axe, light and dark, wide and narrow', async () => {
    for (const options of [{}, { width: 390, height: 844, dark: true }]) {
      const { page } = await open('', options);
      const { violations } = await new AxePuppeteer(page).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(options.width ?? 1280);
    }
  });

  test('without WebGPU it says so and still shows the stored report', async () => {
    const { page } = await open();
    await page.evaluateOnNewDocument(() => {
      delete (Navigator.prototype as { gpu?: unknown }).gpu;
    });
    await page.reload();
    await page.waitForSelector('[data-notice=adapter]');
    await expect
      .poll(() => textOf(page, '[data-notice=adapter]'))
      .toContain('This browser has no WebGPU.');
    expect(await page.$eval('#run', (run) => (run as HTMLButtonElement).disabled)).toBe(true);
    await page.waitForSelector('tbody[data-bench]');
  });
});

describe('a measurement', () => {
  test('shows its rows, its adapter and its ceilings', async () => {
    const { page, complaints } = done;
    await expect.poll(() => textOf(page, '#status')).toMatch(/^done in .*: 12 rows, none failed$/);
    await expect.poll(() => textOf(page, '#deck')).toMatch(/^Your adapter google swiftshader/);
    const rows = await rowsOf(page, 'copy/dense');
    expect(rows.map((row) => row.split('|')[0])).toEqual([
      'kernel',
      'control: the same again',
      'plain float32 loop',
      'float64 reference',
    ]);
    expect(rows[0]).toMatch(/(µ|m)s\|.*copies\/s\|.*GB\/s\|.* %.*\|1\.00×$/);
    await expect.poll(() => textOf(page, '[data-notice=adapter]')).toContain('software');
    expect(complaints).toEqual([]);
  });

  test('answers the arrow keys in the roofline', async () => {
    const { page } = done;
    await page.focus('#view-roofline .log-plot');
    await page.keyboard.press('ArrowRight');
    const said = (): Promise<string> => textOf(page, '#view-roofline .plot-readout');
    const first = await said();
    expect(first).toMatch(/^(copy|softmax)\/\S+, .* GB\/s/);
    await page.keyboard.press('ArrowRight');
    expect(await said()).not.toBe(first);
  });

  test('leaves as the report of the command, as CSV and as pictures', async () => {
    const { page } = done;
    const { name, bytes } = await saveFile(page, '#export-json');
    expect(name).toBe('cusp-bench-google-swiftshader-report.json');
    const report = readReport(bytes.toString());
    expect(report).toMatchObject({ schema: 2, quick: true, stopped: false });
    expect(report.results.map((result) => result.name)).toEqual([
      'copy/dense',
      'softmax/1024x64',
      'softmax/1024x64/gradient',
    ]);
    for (const { samples } of report.results[0]!.rows) expect(samples).toHaveLength(3);
    const csv = (await saveFile(page, '#export-csv')).bytes.toString().trim().split('\n');
    expect(csv[0]).toMatch(/^# Cusp benches, google swiftshader \(fallback adapter, software\)/);
    expect(csv).toHaveLength(2 + 12);
    const png = await saveFile(page, '#png-roofline');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  test('is compared with another report, row by row', async () => {
    const { page } = done;
    await page.select('#other', 'stored report');
    await page.waitForFunction(() =>
      /÷ other$/.test(document.querySelector('.results thead')?.textContent ?? ''),
    );
    for (const row of await rowsOf(page, 'copy/dense')) expect(row).toMatch(/\|[\d.]+×$/);
    await page.select('#other', '');
  });
});

test('a stopped measurement keeps what it has', async () => {
  const { page } = await open('v=1&filter=copy/dense,reduce,matmul');
  await page.click('#run');
  await page.waitForFunction(() => document.querySelectorAll('tbody[data-bench]').length === 1);
  await page.click('#run');
  expect(await waitForStatus(page, /^stopped/)).toMatch(/: \d+ rows, none failed$/);
  expect((await rowsOf(page, 'copy/dense')).length).toBe(4);
  await expect.poll(() => textOf(page, '#run')).toBe('Measure again');
  const report = readReport((await saveFile(page, '#export-json')).bytes.toString());
  expect(report.stopped).toBe(true);
});

test('the address carries what is to be measured there and back', async () => {
  const { page } = await open('v=1&preset=usual&filter=matmul,dft&tempo=3');
  const checked = (): Promise<string[]> =>
    page.$$eval('.topics input:checked', (boxes) => boxes.map(({ id }) => id));
  expect(await checked()).toEqual(['topic-matmul', 'topic-dft']);
  await expect.poll(() => textOf(page, '[data-notice=link]')).toContain('“tempo” is not a setting');
  await page.click('#topic-dft');
  await page.click('label[for=preset-quick]');
  expect(new URL(page.url()).search).toBe('?v=1&preset=quick&filter=matmul');
});

test('opens a report from a file, failed rows and all, and refuses what is none', async () => {
  const { page } = await open();
  const folder = await mkdtemp(join(tmpdir(), 'cusp-bench-'));
  const give = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, name), text);
    const [chooser] = await Promise.all([page.waitForFileChooser(), page.click('#load')]);
    await chooser.accept([join(folder, name)]);
  };
  try {
    const row = { contender: 'kernel', on: 'adapter', error: 'wrong: <b>output</b>[0] is 1' };
    const result = { name: 'copy/dense', title: 'copies', unit: 'copies', rows: [row] };
    const environment = {
      ...{ runtime: 'node', host: 'Node', driver: '', vendor: 'nvidia', architecture: 'hopper' },
      ...{ description: 'H100', fallback: false },
    };
    const report = {
      ...{ schema: 2, date: '2026-01-02T00:00:00Z', environment, commit: null, quick: false },
      ...{ ceilings: null, stopped: false, results: [{ ...result, conclusions: [] }] },
    };
    await give('card.json', JSON.stringify(report));
    await page.waitForFunction(() =>
      (document.querySelector('#deck')?.textContent ?? '').includes(
        'nvidia hopper H100, no fallback',
      ),
    );
    expect(await rowsOf(page, 'copy/dense')).toEqual([
      'kernel|failed: wrong: <b>output</b>[0] is 1',
    ]);
    await give('other.json', JSON.stringify({ ...report, schema: 1 }));
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.said')].some((said) =>
        (said.textContent ?? '').includes('other.json has schema 1, must be 2'),
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
