/** Serves the built demo pages (build.ts) as a strict host would, and opens them in Chrome. */
import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize, sep } from 'node:path';
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { inject } from 'vitest';
import { launchChrome } from '../support/puppeteer-provider.ts';

/** What the pages promise to run under: nothing inline, nothing from elsewhere, no eval, no blob workers. */
export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface Pages {
  /** Addresses end with a slash. The second one serves the test double as the worker. */
  readonly real: string;
  readonly double: string;
  readonly browser: Browser;
  /** Paths in the folder that were asked for at `real` since the last call. */
  asked(): string[];
  close(): Promise<void>;
}

/** `double` is the file of the test double. */
export async function openPages(double = 'double.ts'): Promise<Pages> {
  const folder = inject('pages');
  const script = inject('doubles')[double];
  if (script === undefined) throw new Error(`tests/pages has no ${double}`);
  let asked: string[] = [];
  const [real, staged] = await Promise.all([
    serve(folder, null, (path) => asked.push(path)),
    serve(folder, script),
  ]);
  const browser = await launchChrome();
  return {
    real: addressOf(real),
    double: addressOf(staged),
    browser,
    asked() {
      const paths = asked;
      asked = [];
      return paths;
    },
    async close() {
      await browser.close();
      for (const server of [real, staged]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function serve(
  folder: string,
  double: string | null,
  hear: (path: string) => void = () => undefined,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    void answer(path).then(({ status, type, body }) => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': policy,
        // Names in assets/ change with what is in them.
        ...(path.includes('/assets/') && { 'cache-control': 'max-age=600' }),
      });
      response.end(body);
    });
  });

  async function answer(
    path: string,
  ): Promise<{ status: number; type: string; body: string | Buffer }> {
    if (double !== null && /\/worker-[\w-]+\.js$/.test(path)) {
      return { status: 200, type: 'text/javascript', body: double };
    }
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path));
    try {
      if (!file.startsWith(folder + sep)) throw new Error('outside');
      const body = await readFile(file);
      hear(file.slice(folder.length + 1));
      return { status: 200, type: types[extname(file)] ?? 'application/octet-stream', body };
    } catch {
      return { status: 404, type: 'text/plain', body: 'not found' };
    }
  }

  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

export interface Visit {
  readonly page: Page;
  /** What the console and the page complained about, blocked resources included. */
  readonly complaints: string[];
}

const visits = new Set<BrowserContext>();

/** Closes what tests have opened, but for the visits that are named: pages left open go on drawing and sampling. */
export async function closeVisits(...kept: readonly Visit[]): Promise<void> {
  const staying = new Set(kept.map(({ page }) => page.browserContext()));
  const leaving = [...visits].filter((context) => !staying.has(context));
  for (const context of leaving) visits.delete(context);
  // The ones of a browser that a test has closed are gone.
  const open = leaving.filter((context) => context.browser().connected);
  await Promise.all(open.map((context) => context.close()));
}

/**
 * Opens an address in a context of its own, so that no visit knows of another's storage, and reads the page through to its end, unless
 * `read` is false: what stands further down is fetched when a reader comes near it.
 */
export async function visit(
  browser: Browser,
  address: string,
  options: { width?: number; height?: number; dark?: boolean; read?: boolean } = {},
): Promise<Visit> {
  const context = await browser.createBrowserContext();
  visits.add(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.setViewport({ width: options.width ?? 1280, height: options.height ?? 800 });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: options.dark === true ? 'dark' : 'light' },
  ]);
  await page.goto(address, { waitUntil: 'load' });
  if (options.read !== false) await readThrough(page);
  return { page, complaints };
}

async function readThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
      scrollTo({ top, behavior: 'instant' });
      await frame();
      await frame();
    }
    scrollTo({ top: 0, behavior: 'instant' });
  });
  // The footer comes last; an embedded page has none.
  await page.waitForFunction(() => {
    const record = document.querySelector('#record');
    return !record?.checkVisibility() || record.childElementCount > 0;
  });
  await page.waitForNetworkIdle({ idleTime: 150 });
}

/** Waits until the page's status line says something that matches. */
export async function waitForStatus(
  page: Page,
  pattern: RegExp,
  timeout = 60_000,
): Promise<string> {
  await page.waitForFunction(
    (source: string) =>
      new RegExp(source).test(document.querySelector('#status')?.textContent ?? ''),
    { timeout, polling: 50 },
    pattern.source,
  );
  return textOf(page, '#status');
}

export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? '');
}

export function count(page: Page, selector: string): Promise<number> {
  return page.$$eval(selector, (elements) => elements.length);
}

/** Sets a field as a visitor does: select its text, type, leave it. */
export async function typeInto(page: Page, selector: string, text: string): Promise<void> {
  await page.$eval(selector, (element) => {
    (element as HTMLInputElement).focus();
    (element as HTMLInputElement).select();
  });
  await page.keyboard.type(text);
  await page.$eval(selector, (element) => (element as HTMLElement).blur());
}

/** Clicks what saves a file and resolves with its name and bytes. */
export async function saveFile(
  page: Page,
  selector: string,
): Promise<{ name: string; bytes: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), 'cusp-saved-'));
  const session = await page.createCDPSession();
  const contextId = page.browserContext().id;
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: folder,
    ...(contextId !== undefined && { browserContextId: contextId }),
  });
  await page.click(selector);
  try {
    for (let tries = 0; tries < 200; tries++) {
      const [name] = (await readdir(folder)).filter((one) => !one.endsWith('.crdownload'));
      if (name !== undefined) {
        const bytes = await readFile(join(folder, name));
        if (bytes.length > 0) return { name, bytes };
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${selector} saved no file: ${await textOf(page, '.said')}`);
  } finally {
    await session.detach();
    await rm(folder, { recursive: true, force: true });
  }
}
