/**
 * What Cusp costs a page, in kB after gzip, once the page's own bundler has minified it and left out what is not used. A third of
 * it is WGSL, with short names and without spaces: two to five variants of a kernel for each op. A session carries all experiments,
 * so also samplers, on-chip chains, estimators, theory, measures, pruning and the digits; `everything` the self-check's cases too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBlock } from './readme';
import { buildLibrary, bundleUser, gzippedSize, type BuiltLibrary } from './build';

let library: BuiltLibrary;
beforeAll(async () => {
  library = await buildLibrary();
});
afterAll(() => library.remove());

it('has no import and asks for nothing from elsewhere', () => {
  const code = readFileSync(join(library.folder, 'cusp.js'), 'utf8');
  expect(code).not.toMatch(/(^|[;\s}])import\s*[\w*{"'(]/m);
  expect(code).not.toMatch(/\beval\(|new Function\(/);
});

const BUDGET = { everything: 205, readme: 47.5, session: 180 };

it('is within its size', async () => {
  const session =
    "import { createSession } from './cusp.js';" +
    'onmessage = ({ data }) => createSession({ runtime: "chrome", send: postMessage })(data);';
  const bundle = async (name: string, code: string): Promise<number> =>
    gzippedSize(await bundleUser(library.folder, name, code));
  const sizes = {
    everything: gzippedSize(join(library.folder, 'cusp.js')),
    readme: await bundle('readme', readBlock('mlp').replaceAll("'cusp'", "'./cusp.js'")),
    session: await bundle('session', session),
  };
  for (const [what, bytes] of Object.entries(sizes)) {
    console.info(`${what}: ${(bytes / 1000).toFixed(1)} kB gzipped`);
    expect(bytes / 1000, what).toBeLessThan(BUDGET[what as keyof typeof BUDGET]);
  }
});
