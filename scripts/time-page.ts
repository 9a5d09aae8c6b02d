/**
 * How long a visitor waits, cold: the built grokking page in a fresh browser, its Run button pressed as soon as it is there.
 *
 *     npm run time-page                        three visits, medians from the start of the navigation
 *     npm run time-page -- --visits 1 --until 0    only to the first step
 *
 * The last line of stdout is a JSON object. Nothing is kept between visits: each has a profile of its own, so also compiled kernels
 * are made anew.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer';
import { preview } from 'vite';
import { chromeFlags, findChrome, installHint } from './chrome.mjs';
import { buildPages } from './pages/build.ts';

/** Seconds from the start of the navigation; null for what did not happen. */
interface Visit {
  /** Run can be pressed. */
  readonly ready: number | null;
  readonly firstStep: number | null;
  /** 99 % of the pairs held out. */
  readonly generalised: number | null;
}

declare global {
  interface Window {
    /** What the page's worker said of interest, and when. */
    heard: { ready?: number; firstStep?: number; generalised?: number; failed?: string };
  }
}

const PAGE = 'grokking/index.html';
const LONGEST_SECONDS = 300;

const { values } = parseArgs({
  options: {
    visits: { type: 'string', default: '3' },
    /** Percent of test accuracy to wait for: 99, or 0 for none. */
    until: { type: 'string', default: '99' },
  },
});
const executablePath = findChrome();
if (!executablePath) throw new Error(`no Chrome or Chromium found; install one: ${installHint()}`);
const chrome: string = executablePath;

const folder = await mkdtemp(join(tmpdir(), 'cusp-time-'));
try {
  await buildPages(folder);
  const server = await preview({
    configFile: false,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0 },
  });
  const address = new URL(PAGE, server.resolvedUrls!.local[0]).href;
  const visits: Visit[] = [];
  for (let k = 0; k < Number(values.visits); k++) {
    visits.push(await visit(address, values.until !== '0'));
    process.stderr.write(`${sayVisit(visits.at(-1)!)}\n`);
  }
  await server.close();
  const [ready, firstStep, generalised] = (['ready', 'firstStep', 'generalised'] as const).map(
    (name) => median(visits.map((one) => one[name])),
  );
  console.log(JSON.stringify({ page: PAGE, median: { ready, firstStep, generalised }, visits }));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function visit(address: string, toTheEnd: boolean): Promise<Visit> {
  const browser = await puppeteer.launch({
    executablePath: chrome,
    headless: true,
    args: chromeFlags(),
  });
  try {
    return await watch(browser, address, toTheEnd);
  } finally {
    await browser.close();
  }
}

async function watch(browser: Browser, address: string, toTheEnd: boolean): Promise<Visit> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(listen);
  await page.goto(address);
  const options = { polling: 20, timeout: 1000 * LONGEST_SECONDS };
  await page.waitForFunction(
    (end) => window.heard.failed ?? (end ? window.heard.generalised : window.heard.firstStep),
    options,
    toTheEnd,
  );
  const {
    failed,
    ready = null,
    firstStep = null,
    generalised = null,
  } = await page.evaluate(() => window.heard);
  if (failed !== undefined) throw new Error(`the page's run failed: ${failed}`);
  return { ready, firstStep, generalised };
}

/** In the page, before its scripts: listens to what workers say. */
function listen(): void {
  const heard: Window['heard'] = {};
  window.heard = heard;
  const note = (name: 'ready' | 'firstStep' | 'generalised'): void => {
    heard[name] ??= performance.now() / 1000;
  };
  const Plain = Worker;
  window.Worker = class extends Plain {
    constructor(...all: ConstructorParameters<typeof Plain>) {
      super(...all);
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'status' && data.status === 'ready') {
          note('ready');
          // Behind the page's own listeners, which free the button.
          setTimeout(() => document.querySelector<HTMLButtonElement>('#run')?.click());
        }
        if (data.type === 'status' && data.status === 'failed') heard.failed = data.detail;
        if (data.type === 'progress' && data.step > 0) note('firstStep');
        if (data.type === 'event' && data.event.name === 'generalised') note('generalised');
      });
    }
  };
}

function sayVisit({ ready, firstStep, generalised }: Visit): string {
  const say = (seconds: number | null): string =>
    seconds === null ? '–' : `${seconds.toFixed(2)} s`;
  return `ready ${say(ready)}, first step ${say(firstStep)}, 99 % of test pairs ${say(generalised)}`;
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known.length < values.length || known.length === 0 ? null : known[(known.length - 1) >> 1];
}
