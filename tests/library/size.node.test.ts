/**
 * What Cusp costs a page, in kB after gzip. `core` is dist/core.js as it is: the engine with every op, gradients, plan, runner and
 * optimisers, and so every kernel that one of them can launch; a quarter of it is WGSL, with short names and without spaces, two to five
 * variants of a kernel for each op, and three fifths open, compile and replay whatever the ops are. `everything` is dist/cusp.js. Of the
 * other two a page's own bundler leaves out what they do not use: `readme` is the README's first example; a session carries all
 * experiments, so also samplers, on-chip chains, estimators, theory, measures, pruning and the digits.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listShaders } from '../../scripts/wgsl-source';
import { readBlock } from './readme';
import { buildLibrary, bundleUser, gzippedSize, type BuiltLibrary } from './build';

let library: BuiltLibrary;
beforeAll(async () => {
  library = await buildLibrary();
});
afterAll(() => library.remove());

it.each(['cusp.js', 'core.js'])('%s has no import and asks for nothing from elsewhere', (name) => {
  const code = readFileSync(join(library.folder, name), 'utf8');
  expect(code).not.toMatch(/(^|[;\s}])import\s*[\w*{"'(]/m);
  expect(code).not.toMatch(/\beval\(|new Function\(/);
});

const BUDGET = { core: 58.9, everything: 209.2, readme: 40.6, session: 179.4 };

/** Kernels of samplers, of training on the chip, of measures, of benches, those that the tuner hands in, of float16 weights, and those of an op that networks of ours launch without a name for users. */
const ELSEWHERE =
  /^(?:bench|chain|chip|optim\/sampler|token-attention)\/|^matmul\/(?:subgroups|.*half)|^pair-/;

it.each(['cusp.js', 'core.js'])('%s carries nothing that is not asked for', async (name) => {
  const code = `import { openGpu } from './${name}'; globalThis.openGpu = openGpu;`;
  const text = readFileSync(await bundleUser(library.folder, `open-${name}`, code), 'utf8');
  expect(text).not.toMatch(/@compute|schema|override/);
  expect(text.length).toBeLessThan(4000);
});

it('is within its size', async () => {
  const session =
    "import { createSession } from './cusp.js';" +
    'onmessage = ({ data }) => createSession({ runtime: "chrome", send: postMessage })(data);';
  const bundle = async (name: string, code: string): Promise<number> =>
    gzippedSize(await bundleUser(library.folder, name, code));
  const core = join(library.folder, 'core.js');
  const text = readFileSync(core, 'utf8');
  for (const file of listShaders()) {
    const name = file.replace(/\.wgsl$/, '');
    expect(text.includes(`${name}|`), name).toBe(!ELSEWHERE.test(name));
  }
  const sizes = {
    core: gzippedSize(core),
    everything: gzippedSize(join(library.folder, 'cusp.js')),
    readme: await bundle('readme', readBlock('mlp').replaceAll("'cusp'", "'./cusp.js'")),
    session: await bundle('session', session),
  };
  for (const [what, bytes] of Object.entries(sizes)) {
    console.info(`${what}: ${(bytes / 1000).toFixed(1)} kB gzipped`);
    expect(bytes / 1000, what).toBeLessThan(BUDGET[what as keyof typeof BUDGET]);
  }
});
