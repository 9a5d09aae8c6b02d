/**
 * What Cusp costs a page, in kB after gzip, once the page's own bundler has minified it and left out what is not used. Of core a quarter
 * is WGSL, with short names and without spaces: two to five variants of a kernel for each op. `core` is the engine with every op,
 * gradients, plan, runner and optimisers, and so every kernel that one of them can launch; it trains any network, and has neither the
 * float64 program nor samplers. Three fifths of it opens, compiles and replays whatever the ops are. `readme` is the README's first
 * example. A session carries all experiments, so also samplers, on-chip chains, estimators, theory, measures, pruning and the digits;
 * `everything` the self-check's cases too.
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

it('has no import and asks for nothing from elsewhere', () => {
  const code = readFileSync(join(library.folder, 'cusp.js'), 'utf8');
  expect(code).not.toMatch(/(^|[;\s}])import\s*[\w*{"'(]/m);
  expect(code).not.toMatch(/\beval\(|new Function\(/);
});

const BUDGET = { core: 58.2, everything: 209.2, readme: 40.4, session: 179.4 };

/** What an embedder of the engine may call; its networks decide which of the ops are used, so that here all are. */
const CORE = `
  openGpu createGraph constant data parameter gradients compile train describePlan adamw sgd
  absolute add divide equal exponential gelu greater logarithm maximum minimum multiply negate relu scale shift sigmoid sign softplus
  square squareRoot subtract tanh toFloat causalMask oneHot select maximumOf mean norm sum broadcastTo reshape slice transpose concat
  pad gather scatterAdd matmul logSoftmax softmax correct crossEntropy meanSquaredError layerNorm attention attentionPattern dft
  inverseDft bernoulli normal randomIntegers uniform`
  .trim()
  .split(/\s+/);
/** Kernels of samplers, of training on the chip, of measures, of benches, those that the tuner hands in, of float16 weights, and those of an op that networks of ours launch without a name for users. */
const ELSEWHERE =
  /^(?:bench|chain|chip|optim\/sampler|token-attention)\/|^matmul\/(?:subgroups|.*half)|^pair-/;

it('carries nothing that is not asked for', async () => {
  const code = "import { openGpu } from './cusp.js'; globalThis.openGpu = openGpu;";
  const text = readFileSync(await bundleUser(library.folder, 'open', code), 'utf8');
  expect(text).not.toMatch(/@compute|schema|override/);
  expect(text.length).toBeLessThan(4000);
});

it('is within its size', async () => {
  const session =
    "import { createSession } from './cusp.js';" +
    'onmessage = ({ data }) => createSession({ runtime: "chrome", send: postMessage })(data);';
  const bundle = async (name: string, code: string): Promise<number> =>
    gzippedSize(await bundleUser(library.folder, name, code));
  const core = await bundleUser(
    library.folder,
    'core',
    `import * as cusp from './cusp.js'; globalThis.cusp = [${CORE.map((name) => `cusp.${name}`).join()}];`,
  );
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
