import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { layerRules, RANKS } from '../../scripts/layers.mjs';

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser as never } },
    ...layerRules(),
  ],
});

async function rulesBroken(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map((message) => message.ruleId ?? message.message);
}

const importFrom = (path: string) => `import { x } from '${path}';\nexport const y = x;\n`;
const IMPORTS = 'no-restricted-imports';

describe('layers', () => {
  test('every arrow of the table points down', async () => {
    for (const [i, rank] of RANKS.entries()) {
      for (const folder of rank) {
        for (const [j, other] of RANKS.entries()) {
          for (const target of other) {
            const broken = await rulesBroken(`src/${folder}/a.ts`, importFrom(`../${target}/b`));
            expect(broken, `${folder} → ${target}`).toEqual(j > i ? [IMPORTS] : []);
          }
        }
      }
    }
  });

  test('a folder cannot be reached from below by another spelling', async () => {
    expect(await rulesBroken('src/gpu/a.ts', importFrom('../plan'))).toEqual([IMPORTS]);
    expect(await rulesBroken('src/gpu/deep/a.ts', importFrom('../../lab/b'))).toEqual([IMPORTS]);
    const reexport = "export { x } from '../ops/x';";
    expect(await rulesBroken('src/plan/a.ts', reexport)).toEqual([IMPORTS]);
    expect(await rulesBroken('src/plan/a.ts', importFrom('../planner/x'))).toEqual([]);
  });

  test('random serves everyone and needs no one; errors and shader types are free', async () => {
    expect(await rulesBroken('src/gpu/a.ts', importFrom('../random/philox'))).toEqual([]);
    expect(await rulesBroken('src/random/a.ts', importFrom('../ops/sum'))).toEqual([IMPORTS]);
    expect(await rulesBroken('src/random/a.ts', importFrom('../gpu/device'))).toEqual([IMPORTS]);
    expect(await rulesBroken('src/random/a.ts', importFrom('../gpu/errors'))).toEqual([]);
    expect(await rulesBroken('src/random/a.ts', importFrom('../../shaders/x.wgsl'))).toEqual([]);
  });

  test('src imports no package, demo or script', async () => {
    for (const path of ['uplot', 'node:fs', '../../demos/chart', '../../scripts/dawn']) {
      expect(await rulesBroken('src/lab/a.ts', importFrom(path)), path).toEqual([IMPORTS]);
    }
    expect(await rulesBroken('demos/x/a.ts', importFrom('../../src/lab/run'))).toEqual([]);
  });

  test('only src/gpu reaches the device, and src knows no DOM', async () => {
    const code = 'export const a = await navigator.gpu.requestAdapter();\n';
    const twice = ['no-restricted-syntax', 'no-restricted-syntax'];
    expect(await rulesBroken('src/lab/a.ts', code)).toEqual(twice);
    expect(await rulesBroken('demos/a.ts', code)).toEqual(twice);
    expect(await rulesBroken('src/gpu/a.ts', code)).toEqual([]);
    expect(await rulesBroken('src/lab/a.ts', 'document.title = "";')).toEqual([
      'no-restricted-globals',
    ]);
  });
});
