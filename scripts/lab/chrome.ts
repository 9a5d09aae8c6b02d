/**
 * The `chrome` runtime: a headless Chromium on a page of ours. Frees everything at the
 * end, also when the work throws.
 */
import type { Page } from 'puppeteer';
import { chromeFlags, findChrome } from '../chrome.mjs';
import { servePage } from './page-server';

/** Longest single call into the page; runs report by messages and are not bound by it. */
const CALL_MS = 24 * 3600 * 1000;

/** Opens the lab page and hands it to `work`. */
export async function withChrome<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const server = await servePage();
  // Only now: it takes longer to load than most commands take in all.
  const { default: puppeteer } = await import('puppeteer');
  const browser = await puppeteer.launch({
    executablePath: findChrome() ?? undefined,
    headless: true,
    args: chromeFlags(),
    protocolTimeout: CALL_MS,
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${String(error)}`));
    await page.goto(server.address);
    await page.waitForFunction('globalThis.lab !== undefined');
    return await work(page);
  } finally {
    await browser.close().catch(() => undefined);
    server.close();
  }
}
