/** The page of grokking tickets on its built files under a strict policy; a small race of its own is run for real, in the worker of the page. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxePuppeteer } from '@axe-core/puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { unpackMask } from '../../demos/tickets/stored-file';
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
/** A finished race that several tests look at. */
let done: Visit;
/** Another one, for more files than Chrome lets one page save; the test that goes on with it comes last. */
let second: Visit | undefined;

const small =
  'v=1&data.modulus=11&network.width=12&network.hidden=8&base.steps=20&base.keepEvery=10' +
  '&steps=8&evaluateEvery=2&race.rivals=0.9,@10,l1,snip,random';

const open = async (query = small, options = {}): Promise<Visit> => {
  const opened = await visit(pages.browser, `${pages.real}tickets/index.html?${query}`, options);
  await waitForStatus(opened.page, /ready/);
  return opened;
};

const race = async (): Promise<Visit> => {
  const raced = await open();
  await raced.page.click('#run');
  await waitForStatus(raced.page, /^done/);
  return raced;
};

/** Texts of a column of the table of the race, from the top. */
const columnOf = ({ page }: Visit, column: number): Promise<string[]> =>
  page.$$eval(
    '.standings tbody tr',
    (rows, at) => rows.map((row) => row.children[at]?.textContent?.trim() ?? ''),
    column,
  );

beforeAll(async () => {
  pages = await openPages();
  done = await race();
});
afterEach(() => closeVisits(done, ...(second ? [second] : [])));
afterAll(async () => {
  await pages.close();
});

describe('before any click', () => {
  test('shows the stored run: the race, its networks, masks, spectra and the sweep', async () => {
    const visited = await open('v=1');
    const { page, complaints } = visited;
    await page.waitForFunction(() =>
      /^Stored run, test accuracy is \d\d % at step \d+ with the ticket, at [\d,]+ with its base: \d+ times sooner$/.test(
        document.querySelector('#race-title')?.textContent ?? '',
      ),
    );
    expect(await columnOf(visited, 0)).toEqual([
      ...['base', 'ticket', 'from 1,000', 'from 2,000', '90 % pruned'],
      ...['dense, L1', 'SNIP', 'random'],
    ]);
    expect(await columnOf(visited, 1)).toEqual([
      '100 %',
      '40 %',
      '40 %',
      '40 %',
      '10 %',
      '100 %',
      '40 %',
      '40 %',
    ]);
    await expect
      .poll(() => textOf(page, '#view-masks .view-title'))
      .toMatch(/^Ticket keeps 40 %: \d+ % of/);
    await expect
      .poll(() => textOf(page, '#view-spectra .view-title'))
      .toMatch(/in the ticket, \d+ % in its/);
    await expect
      .poll(() => textOf(page, '#view-by-share .view-title'))
      .toMatch(/^Stored run, up to \d\d % pruned, tickets come to half/);
    const sweep = await page.$eval('#by-source-panels', (canvas) =>
      canvas.getAttribute('aria-label'),
    );
    expect(sweep?.match(/mask from/g)).toHaveLength(6);
    const ribbon = await page.$eval('svg.ribbon', (svg) => svg.getAttribute('aria-label'));
    expect(ribbon).toBe(
      'Phases of the stored run: base from step 0 to 3,000; race from step 3,000 to 3,600.',
    );
    await page.click('#choose-4');
    await page.waitForFunction(() =>
      document.querySelector('#view-masks .view-title')?.textContent?.startsWith('90 % pruned'),
    );
    expect(complaints).toEqual([]);
  });

  test('draws the mask of the settings before it races', async () => {
    const { page } = await open('v=1');
    await page.waitForSelector('#network option[value="-1"]');
    await page.select('#network', '-1');
    await typeInto(page, '#field-race-pruned', '0.75');
    await page.waitForFunction(() =>
      document
        .querySelector('#view-masks .view-title')
        ?.textContent?.startsWith('The ticket of the settings keeps 25 %'),
    );
  });

  test('is whole for axe, light and dark, wide and narrow', async () => {
    for (const options of [{}, { width: 390, height: 844, dark: true }]) {
      const { page } = await open('v=1', options);
      await page.waitForSelector('#choose-1');
      const { violations } = await new AxePuppeteer(page).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(await page.evaluate(() => window.innerWidth));
    }
  });
});

describe('a race', () => {
  test('trains the base, cuts, and trains the others side by side', async () => {
    await expect.poll(() => textOf(done.page, '#status')).toMatch(/^done, 28 steps/);
    expect(done.complaints).toEqual([]);
    expect(await columnOf(done, 0)).toEqual([
      'base',
      'ticket',
      '90 % pruned',
      'from 10',
      'dense, L1',
      'SNIP',
      'random',
    ]);
    expect(await columnOf(done, 1)).toEqual([
      '100 %',
      '40 %',
      '10 %',
      '40 %',
      '100 %',
      '40 %',
      '40 %',
    ]);
    expect(await columnOf(done, 2)).toEqual(['', '20', '20', '10', '20', '', '']);
    const ends = await columnOf(done, 7);
    expect(ends.every((text) => /^\d+(\.\d)? %$/.test(text))).toBe(true);
  });

  test('is joined by the rivals that are ticked', async () => {
    const { page } = await open();
    await page.click('#rivals summary');
    await page.waitForSelector('#rival-grasp');
    await page.click('#rival-grasp');
    await page.click('#rival-snip');
    await typeInto(page, '#rival-shares', '0.8 0.7');
    await page.waitForFunction(
      () => document.querySelector('#rivals summary')?.textContent === 'Rivals: 6',
    );
    expect(new URL(page.url()).searchParams.get('race.rivals')).toBe(
      '["0.8","0.7","@10","l1","random","grasp"]',
    );
    await page.click('#run');
    await waitForStatus(page, /^done/);
    expect(await columnOf({ page, complaints: [] }, 0)).toEqual([
      'base',
      'ticket',
      '80 % pruned',
      '70 % pruned',
      'from 10',
      'dense, L1',
      'random',
      'GraSP',
    ]);
    await typeInto(page, '#rival-shares', '1.7');
    await expect.poll(() => textOf(page, '#rivals .pending')).toContain('1.7');
  });
});

describe('files', () => {
  test('of every figure say what made them', async () => {
    const { page } = done;
    // Seven files, and two below; Chrome asks before a page's eleventh.
    for (const name of ['race', 'standings', 'masks', 'spectra']) {
      const csv = await saveFile(page, `#csv-${name}`);
      expect(csv.name).toMatch(new RegExp(`^cusp-tickets-demo-seed0-${name}.*\\.csv$`));
      const text = csv.bytes.toString();
      expect(text).toMatch(/^# Tickets, preset demo, .*base\.steps=20.*seed 0.*Cusp /);
      expect(text.trim().split('\n').length).toBeGreaterThan(4);
      if (name === 'standings') continue;
      const png = await saveFile(page, `#png-${name}`);
      expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    }
  });

  test('of the run hold all networks, and come back as a stored run', async () => {
    const { page } = (second ??= await race());
    const curves = await saveFile(page, '#export-curves');
    const stored = JSON.parse(curves.bytes.toString()) as {
      metrics: Record<string, number[]>;
      views: Record<string, { data: string }>;
      results: { places: { offset: number; size: number }[] };
    };
    expect(Object.keys(stored.metrics)).toContain('test_accuracy.6');
    // 2 · 11 · 12 + 2 · 8 · 12 weights, of which the ticket keeps four in ten.
    const words = new Float32Array(
      Uint8Array.from(Buffer.from(stored.views['mask.1']?.data ?? '', 'base64')).buffer,
    );
    const { places } = stored.results;
    const stride = Math.max(...places.map(({ offset, size }) => offset + size));
    const total = places.reduce((sum, { size }) => sum + size, 0);
    expect(total).toBe(456);
    expect(unpackMask(words, stride).reduce((sum, bit) => sum + bit, 0)).toBe(
      total - Math.round(0.6 * total),
    );
    const csv = await saveFile(page, '#export-csv');
    expect(csv.bytes.toString().split('\n')[0]).toContain('entropy_in_code.6');
    expect((await saveFile(page, '#export-svg')).bytes.toString()).toContain('from 10');
    for (const name of ['by-share', 'by-source']) {
      const panels = await saveFile(page, `#csv-${name}`);
      expect(panels.name).toContain('-stored-');
    }
  });
});

test('a finished race is opened again from its two files, and from no less', async () => {
  const { page } = done;
  const saved = [
    await saveFile(page, '#export-checkpoint'),
    await saveFile(page, '#export-stages'),
  ];
  expect(saved.map(({ name }) => name)).toEqual([
    'cusp-tickets-demo-seed0-step28.safetensors',
    'cusp-tickets-demo-seed0-step28-stages.safetensors',
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'cusp-race-'));
  const paths = saved.map(({ name }) => join(folder, name));
  await Promise.all(saved.map(({ bytes }, k) => writeFile(paths[k] as string, bytes)));
  const other = await open('v=1');
  const give = async (files: readonly string[]): Promise<void> => {
    const chooser = other.page.waitForFileChooser();
    await other.page.click('#load');
    await (await chooser).accept([...files]);
  };
  await give(paths.slice(0, 1));
  await other.page.waitForFunction(() =>
    document.querySelector('.said')?.textContent?.includes('the stages that were saved'),
  );
  await give(paths);
  await waitForStatus(other.page, /^(done|ready at step 28)/);
  expect(await columnOf(other, 0)).toEqual(await columnOf(done, 0));
  expect(await columnOf(other, 7)).toEqual(await columnOf(done, 7));
  await other.page.waitForFunction(() =>
    document.querySelector('#view-masks .view-title')?.textContent?.startsWith('Ticket keeps 40 %'),
  );
  expect(other.complaints).toEqual([]);
  await rm(folder, { recursive: true });
});

test('the address carries the race there and back, and is not trusted', async () => {
  const { page } = await open(
    'v=1&race.pruned=0.7&race.sourceStep=1000&race.rivals=snip,@500,0.8&race.llc=true&data.modulus=59&race.speed=9',
  );
  const value = (id: string): Promise<string> =>
    page.$eval(`#field-${id}`, (box) => (box as HTMLInputElement).value);
  expect(await value('race-pruned')).toBe('0.7');
  expect(await value('race-sourceStep')).toBe('1000');
  await page.click('#rivals summary');
  await page.waitForSelector('#rival-snip');
  await expect.poll(() => count(page, '.rivals input:checked')).toBe(1);
  expect(await page.$eval('#rival-shares', (box) => (box as HTMLInputElement).value)).toBe('0.8');
  expect(await page.$eval('#rival-steps', (box) => (box as HTMLInputElement).value)).toBe('500');
  await expect
    .poll(() => textOf(page, '[data-notice=link]'))
    .toContain('“race.speed” is not a setting');
});

test('a finished race takes the mask from where the curves are clicked, and the base is not trained again', async () => {
  const { page } = (second ??= await race());
  await page.focus('#race .plot');
  // Rows of the base: 2, 4, … 20 on the logarithmic axis.
  await page.keyboard.press('Home');
  for (let k = 0; k < 4; k++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const source = (): Promise<string> =>
    page.$eval('#field-race-sourceStep', (box) => (box as HTMLInputElement).value);
  expect(await source()).toBe('10');
  await expect.poll(() => textOf(page, '#plan')).toContain('at step 10 are taken away');
  await page.evaluate(() => {
    const status = document.querySelector('#status') as HTMLElement;
    new MutationObserver(() => {
      status.dataset['seen'] = `${status.dataset['seen'] ?? ''}|${status.textContent}`;
    }).observe(status, { childList: true, characterData: true, subtree: true });
  });
  await page.click('#extract');
  await page.waitForFunction(
    () => !/^done/.test(document.querySelector('#status')?.textContent ?? ''),
  );
  await waitForStatus(page, /^done, 28 steps/);
  const seen = await page.$eval(
    '#status',
    (status) => (status as HTMLElement).dataset['seen'] ?? '',
  );
  const steps = [...seen.matchAll(/step (\d+) of 28/g)].map(([, step]) => Number(step));
  expect(steps.every((step) => step >= 20)).toBe(true);
  expect((await columnOf({ page, complaints: [] }, 2))[1]).toBe('10');
});
