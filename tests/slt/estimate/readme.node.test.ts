/** The example of the README prints what it says it prints. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createRandom } from '../../../src/random/random';
import { streams } from '../../../src/random/streams';
import * as estimate from '../../../src/slt/estimate';
import { transpileModule, ModuleKind } from 'typescript';

test('the example', async () => {
  const readme = await readFile(
    new URL('../../../src/slt/estimate/README.md', import.meta.url),
    'utf8',
  );
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1];
  const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]);
  expect(promised).toHaveLength(2);
  const { outputText } = transpileModule(code, {
    compilerOptions: { module: ModuleKind.CommonJS },
  });
  const modules: Record<string, unknown> = {
    '../../random/random': { createRandom },
    '../../random/streams': { streams },
    '.': estimate,
  };
  const printed: unknown[] = [];
  const run = new Function('require', 'exports', 'console', outputText);
  run((name: string) => modules[name], {}, { log: (line: unknown) => printed.push(line) });
  expect(printed).toEqual(promised);
});
