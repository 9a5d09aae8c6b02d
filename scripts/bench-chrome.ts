/** Runs the bench page (benches/index.html) in headless Chrome and brings its report back. */
import puppeteer from 'puppeteer';
import type { Browser } from 'puppeteer';
import { createServer } from 'vite';
import type { Report } from '../benches/run';
import { wantsCard, type BenchArguments, type BenchListener } from './bench-arguments';
import { readCommit } from './bench-commit';
import { chromeFlags, findChrome, installHint } from './chrome.mjs';
import { wgsl } from './wgsl-plugin';

/** Prepared ahead: a dependency found halfway would make Vite reload the page. */
const PEERS = [
  '@jax-js/jax',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients',
  '@tensorflow/tfjs-backend-webgpu',
];

/** Throws when no browser is found, the page breaks, or no bench fits the filter. */
export async function benchInChrome(
  { filter, peers, quick }: BenchArguments,
  { progress, kept }: BenchListener,
): Promise<Report> {
  const executablePath = findChrome();
  if (!executablePath)
    throw new Error(`no Chrome or Chromium found; install one: ${installHint()}`);
  const server = await createServer({
    configFile: false,
    plugins: [wgsl()],
    cacheDir: 'node_modules/.vite-bench',
    logLevel: 'error',
    clearScreen: false,
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: peers ? PEERS : [] },
  });
  await server.listen();
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    protocolTimeout: 0, // the report comes when it comes
    args: chromeFlags(),
  });
  try {
    const page = await browser.newPage();
    const broken = new Promise<never>((_, reject) => {
      page.on('error', reject);
      page.on('pageerror', (error) => reject(error));
    });
    await page.exposeFunction('benchProgress', progress);
    await page.exposeFunction('benchKept', kept);
    const query = new URLSearchParams({ filter });
    if (peers) query.set('peers', '');
    if (quick) query.set('quick', '');
    if (wantsCard()) query.set('card', '');
    query.set('commit', readCommit() ?? '');
    query.set('host', await browser.version());
    query.set('driver', await readDriver(browser));
    const [root] = server.resolvedUrls!.local;
    await page.goto(`${root}benches/index.html?${query}`);
    return await Promise.race([broken, page.evaluate(() => window.benchReport as Promise<Report>)]);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The driver Chrome reports for its first GPU that has one; empty when it does not. */
async function readDriver(browser: Browser): Promise<string> {
  const session = await browser.target().createCDPSession();
  try {
    const { gpu } = await session.send('SystemInfo.getInfo');
    // A server's display controller may come first, without a driver that could compute.
    const [named = ''] = gpu.devices
      .map(({ driverVendor, driverVersion }) =>
        [driverVendor, driverVersion].filter(Boolean).join(' '),
      )
      .filter(Boolean);
    return named;
  } finally {
    await session.detach();
  }
}
