/**
 * The `chrome` runtime: a headless Chromium on a page of ours, served by Vite from the sources. Frees everything at the
 * end, also when the work throws.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Page } from 'puppeteer';
import { createServer } from 'vite';
import { chromeFlags, findChrome } from '../chrome.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Longest single call into the page; runs report by messages and are not bound by it. */
const CALL_MS = 24 * 3600 * 1000;

/** Opens the lab page and hands it to `work`. */
export async function withChrome<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const server = await createServer({
    root: resolve(root, 'scripts/lab/page'),
    configFile: resolve(root, 'scripts/run.config.ts'),
    logLevel: 'error',
    clearScreen: false,
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, fs: { allow: [root] } },
    optimizeDeps: { noDiscovery: true, include: [] },
    worker: { format: 'es' },
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  const browser = await puppeteer.launch({
    executablePath: findChrome() ?? undefined,
    headless: true,
    args: chromeFlags(),
    protocolTimeout: CALL_MS,
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${String(error)}`));
    if (!address) throw new Error('the page server did not start');
    await page.goto(address);
    await page.waitForFunction('globalThis.lab !== undefined');
    return await work(page);
  } finally {
    await browser.close().catch(() => undefined);
    await server.close();
  }
}
