/** vitest browser mode through puppeteer and the Chrome of this machine. */
import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserCommand, CDPSession } from 'vitest/node';
import { launch } from 'puppeteer';
import type { Browser, LaunchOptions, Page } from 'puppeteer';
import { chromeFlags, findChrome, installHint } from '../../scripts/chrome.mjs';

/** A headless Chrome with a WebGPU adapter; `options` are puppeteer's. Throws when there is no Chrome. */
export function launchChrome(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChrome();
  if (!executablePath) throw new Error(`No Chrome found. Install one: ${installHint()}`);
  return launch({
    executablePath,
    headless: true,
    protocolTimeout: 600_000,
    ...options,
    args: [...chromeFlags(), ...(options.args ?? [])],
  });
}

/** The provider to name in vitest.config.ts. One browser per project, one page per session. */
export function puppeteer(): ReturnType<typeof defineBrowserProvider> {
  return defineBrowserProvider({
    name: 'puppeteer',
    providerFactory() {
      let browser: Promise<Browser> | undefined;
      const pages = new Map<string, Page>();
      return {
        name: 'puppeteer',
        supportsParallelism: false,
        getCommandsContext: () => ({ browser }),
        async openPage(sessionId: string, url: string) {
          browser ??= launchChrome();
          const page = await (await browser).newPage();
          pages.set(sessionId, page);
          await page.goto(url, { timeout: 120_000 });
        },
        async getCDPSession(sessionId: string) {
          const page = pages.get(sessionId);
          if (!page) throw new Error(`no page for session ${sessionId}`);
          return (await page.createCDPSession()) as unknown as CDPSession;
        },
        async close() {
          await (await browser)?.close();
        },
      };
    },
  });
}

/**
 * `commands.crashGpu()` in a browser test kills Chrome's GPU process: every device of the page is lost with
 * reason `unknown`, and the next requestAdapter gets a new one.
 */
export const crashGpu: BrowserCommand<[]> = async (context) => {
  const { browser } = context as unknown as { browser: Promise<Browser> };
  const session = await (await browser).target().createCDPSession();
  await session.send('Browser.crashGpuProcess').catch(() => undefined); // it may die before it answers
  await session.detach();
};
