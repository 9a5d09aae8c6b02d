/** A page that is not ours: cusp.js, or core.js, copied next to a hand-written HTML file, on a plain server with a strict policy. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, type BuiltLibrary } from '../library/build';
import { readBlock } from '../library/readme';
import { serveFolder, type StaticServer } from '../library/serve';
import { launchChrome } from '../support/puppeteer-provider';

let library: BuiltLibrary;
let server: StaticServer;
let browser: Browser;

beforeAll(async () => {
  library = await buildLibrary();
  const write = (name: string, text: string): void =>
    writeFileSync(join(library.folder, name), text);
  const html = (script: string): string =>
    `<!doctype html><meta charset="utf-8"><title>A page</title><script type="module" src="${script}"></script>`;
  write('snippet.html', html('snippet.js'));
  write('snippet.js', readBlock('mlp').replaceAll("'cusp'", "'./cusp.js'"));
  write('core-snippet.html', html('core-snippet.js'));
  write('core-snippet.js', readBlock('mlp').replaceAll("'cusp'", "'./core.js'"));
  write('worker.js', readBlock('worker'));
  write('session.html', html('session.js'));
  write(
    'session.js',
    `const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  if (data.type === 'error') console.log(data);
  if (data.type === 'status' && data.status === 'done') worker.postMessage({ type: 'record' });
  if (data.type === 'record') console.log(data.record);
};
const data = { modulus: 5, pairs: 'ordered' };
const network = { width: 8, hidden: 10 };
worker.postMessage({ type: 'open', config: { schema: 1, experiment: 'modular-addition', steps: 30, data, network } });
worker.postMessage({ type: 'run' });
`,
  );
  server = await serveFolder(library.folder);
  browser = await launchChrome();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  library?.remove();
});

/** Opens a page and resolves with the first thing it logs; rejects with what it complains about. */
async function firstLogged(name: string): Promise<{ value: unknown; page: Page }> {
  const page = await browser.newPage();
  const value = new Promise((resolve, reject) => {
    page.on('console', (message) => {
      if (message.type() === 'log') message.args()[0].jsonValue().then(resolve, reject);
      else if (message.type() === 'error') reject(new Error(message.text()));
    });
    page.on('pageerror', reject);
  });
  value.catch(() => undefined); // until it is awaited below
  await page.goto(server.address + name);
  return { value: await value, page };
}

describe('a page of somebody else', () => {
  it.each([
    ['cusp.js', 'snippet'],
    ['core.js', 'core-snippet'],
  ])('trains the network of the README with %s', async (file, snippet) => {
    const { value, page } = await firstLogged(`${snippet}.html`);
    const losses = value as number[];
    expect(losses.length).toBe(4);
    for (const loss of losses) expect(loss).toBeLessThan(0.01);
    const loaded = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    expect(loaded.filter((path) => path !== '/favicon.ico').sort()).toEqual(
      [`/${file}`, `/${snippet}.js`].sort(),
    );
    await page.close();
  });

  it('runs an experiment in a worker of its own', async () => {
    const { value, page } = await firstLogged('session.html');
    expect(value).toMatchObject({
      schema: 1,
      experiment: 'modular-addition',
      steps: 30,
      adapter: { runtime: 'chrome' },
    });
    await page.close();
  });
});
