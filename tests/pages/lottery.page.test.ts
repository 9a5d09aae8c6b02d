/** The lottery page on its built files under a strict policy; a small run of its own is trained for real, in the worker of the page. */
import { AxePuppeteer } from '@axe-core/puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  closeVisits,
  count,
  openPages,
  saveFile,
  textOf,
  typeInto,
  visit,
  waitForStatus,
  type Pages,
  type Visit,
} from './support';

let pages: Pages;
/** A finished run that several tests look at. */
let done: Visit;
/** Another one, for more files than Chrome lets one page save; the test that goes on with it comes last. */
let second: Visit | undefined;

const small =
  'v=1&network.hidden=12,8&data.train=60&data.validation=20&data.test=20&batchSize=10' +
  '&steps=12&evaluateEvery=4&rounds=2&networks=2&rewindStep=0';

const open = async (query = small, options = {}): Promise<Visit> => {
  const opened = await visit(pages.browser, `${pages.real}lottery/index.html?${query}`, options);
  await waitForStatus(opened.page, /ready/);
  return opened;
};

const run = async (): Promise<Visit> => {
  const trained = await open();
  await trained.page.click('#run');
  await waitForStatus(trained.page, /^done/);
  return trained;
};

beforeAll(async () => {
  pages = await openPages();
  done = await run();
});
afterEach(() => closeVisits(done, ...(second ? [second] : [])));
afterAll(async () => {
  await pages.close();
});

describe('before any click', () => {
  test('shows the stored run: its findings, its masks, its rounds', async () => {
    const { page, complaints } = await open();
    await page.waitForFunction(() =>
      /^Stored run, at \d+ % of the weights: tickets 9\d\.\d\d %, new starts 9\d\.\d\d %, dense/.test(
        document.querySelector('#accuracy-title')?.textContent ?? '',
      ),
    );
    await expect
      .poll(() => textOf(page, '#stop-title'))
      .toMatch(/tickets stop at step \d+, new starts at/);
    await expect
      .poll(() => textOf(page, '#view-pixels .view-title'))
      .toMatch(/middle of the image keeps/);
    await expect.poll(() => count(page, '#round option')).toBe(10);
    const ribbon = await page.$eval('svg.ribbon', (svg) => svg.getAttribute('aria-label'));
    expect(ribbon).toMatch(/^Phases of the stored run: dense from step 0 to \d+; round 1 from/);
    expect(complaints).toEqual([]);
  });

  test('is whole for axe, light and dark, wide and narrow', async () => {
    for (const options of [{}, { width: 390, height: 844, dark: true }]) {
      const { page } = await open(small, options);
      const { violations } = await new AxePuppeteer(page).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(options.width ?? 1280);
    }
  });
});

describe('a run', () => {
  test('trains the dense networks and the rounds, and says what it found', async () => {
    const { page, complaints } = done;
    await expect.poll(() => textOf(page, '#status')).toBe('done, 36 steps');
    await expect
      .poll(() => textOf(page, '#accuracy-title'))
      .toMatch(/^At 65 % of the weights: tickets [\d.]+ %, new starts [\d.]+ %, dense [\d.]+ %$/);
    await expect
      .poll(() => textOf(page, '#deck'))
      .toContain('196–12–8–10 ReLU network, 60 drawn digits');
    const ribbon = await page.$eval('svg.ribbon', (svg) => svg.getAttribute('aria-label'));
    expect(ribbon).toBe(
      'Phases of this run: dense from step 0 to 12; round 1 from step 12 to 24; 2 from step 24 to 36.',
    );
    await page.click('#numbers-stop summary');
    await page.waitForSelector('#numbers-stop tbody tr');
    await expect.poll(() => count(page, '#numbers-stop tbody tr')).toBe(3);
    expect(complaints).toEqual([]);
  });

  test('shows the masks and the losses of the round that is chosen', async () => {
    const { page } = done;
    const kept = (): Promise<number[]> =>
      page.$eval('#unit-maps', (canvas) =>
        (canvas.getAttribute('aria-label') ?? '').match(/\d+/g)!.map(Number),
      );
    await page.select('#round', '2');
    await page.waitForFunction(() =>
      /65 %/.test(document.querySelector('#losses-title')?.textContent ?? ''),
    );
    await page.$eval('#unit-maps', (canvas) => canvas.scrollIntoView());
    await page.waitForFunction(() =>
      /Masks of units: \d/.test(
        document.querySelector('#unit-maps')?.getAttribute('aria-label') ?? '',
      ),
    );
    const later = await kept();
    // 196 · 12 weights, of which 0.8² are left.
    expect(later.reduce((sum, one) => sum + one, 0)).toBe(Math.round(0.64 * 2352));
    await page.select('#round', '1');
    await page.waitForFunction(
      (before: string) =>
        document.querySelector('#unit-maps')?.getAttribute('aria-label') !== before,
      {},
      `Masks of units: ${later.join(', ')}.`,
    );
    const earlier = await kept();
    expect(earlier.every((count, k) => count >= later[k]!)).toBe(true);
  });
});

describe('files', () => {
  test('of every figure say what made them', async () => {
    const { page } = done;
    for (const name of ['accuracy', 'stop', 'losses', 'pixels', 'units']) {
      const csv = await saveFile(page, `#csv-${name}`);
      expect(csv.name).toMatch(new RegExp(`^cusp-lottery-digits-seed0-${name}.*\\.csv$`));
      const text = csv.bytes.toString();
      expect(text).toMatch(/^# Lottery, preset digits, .*rounds=2.*seed 0.*Cusp /);
      expect(text.trim().split('\n').length).toBeGreaterThan(4);
      const png = await saveFile(page, `#png-${name}`);
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    }
  });

  test('of the run hold all networks, and its curves can be loaded in grey', async () => {
    // A page of its own: Chrome asks before it lets one page save more than ten files.
    const { page } = (second ??= await run());
    expect((await saveFile(page, '#csv-digits')).bytes.toString()).toContain('digit,label,pixel');
    const csv = await saveFile(page, '#export-csv');
    expect(csv.bytes.toString().split('\n')[0]).toContain('validation_loss.9');
    const curves = await saveFile(page, '#export-curves');
    const stored = JSON.parse(curves.bytes.toString()) as {
      metrics: Record<string, number[]>;
      series: Record<string, { shape: number[] }>;
    };
    expect(Object.keys(stored.metrics)).toContain('test_accuracy.9');
    expect(stored.series['units']?.shape).toEqual([12, 14, 14]);
    const svg = (await saveFile(page, '#export-svg')).bytes.toString();
    expect(svg).toContain('ticket');
  });
});

test('the address carries the settings there and back, and is not trusted', async () => {
  const { page } = await open('v=1&rounds=4&pruned=0.3&llc=true&data.side=28&scope=no&hidden=3');
  const value = (id: string): Promise<string> =>
    page.$eval(`#field-${id}`, (box) => (box as HTMLInputElement).value);
  expect(await value('rounds')).toBe('4');
  expect(await value('data-side')).toBe('28');
  expect(await page.$eval('#field-llc', (box) => (box as HTMLInputElement).checked)).toBe(true);
  const notice = await textOf(page, '[data-notice=link]');
  expect(notice).toContain('scope');
  expect(notice).toContain('“hidden” is not a setting');
});

test('a finished run goes on from its rounds when there are to be more', async () => {
  const { page } = (second ??= await run());
  await typeInto(page, '#field-rounds', '3');
  await page.click('#run');
  await waitForStatus(page, /^done, 48 steps/);
  await expect.poll(() => count(page, '#round option')).toBe(3);
});
