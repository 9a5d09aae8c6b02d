/** What a browser really asks for until the first run of a page is drawn: no more than tests/library/pages-size allows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { FIRST_RUNS } from '../../scripts/pages/first-runs';
import { PAGE_BUDGETS } from '../library/page-budgets';
import { closeVisits, openPages, visit, waitForStatus, type Pages } from './support';

let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
});
afterEach(() => closeVisits());
afterAll(async () => {
  await pages.close();
});

const running = FIRST_RUNS.filter(({ worker }) => worker !== undefined).map(({ page }) => page);

test.each(running)('%s', async (name) => {
  pages.asked();
  const { page } = await visit(pages.browser, `${pages.real}${name}`, { read: false });
  await waitForStatus(page, /ready/, 110_000);
  await page.click('#run');
  await waitForStatus(page, /(?:running, step|done,? \D*) ?[1-9]/, 110_000);
  const files = pages.asked().filter((path) => !path.endsWith('.json'));
  // What the page has asked for beforehand the worker finds in the cache.
  expect(files.filter((path, k) => files.indexOf(path) < k)).toEqual([]);
  const sizes = files.map((path) =>
    gzipSync(readFileSync(join(inject('pages'), path)), { level: 9 }),
  );
  const total = sizes.reduce((sum, { length }) => sum + length, 0) / 1000;
  console.info(`${name}: ${total.toFixed(1)} kB in ${files.length} files`);
  expect(total).toBeLessThan(PAGE_BUDGETS[name]);
  // Only then what stands further down: the footer, for one.
  expect(await page.$eval('#record', (record) => record.childElementCount)).toBe(0);
  await page.$eval('#record', (record) => record.scrollIntoView());
  await page.waitForSelector('#record .exports');
});
