import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf } from '../../scripts/run-cache.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cusp-run-'));
const shader = JSON.stringify(resolve('shaders/record.wgsl'));

function run(name: string, ...args: string[]) {
  const path = join(folder, name);
  return spawnSync(process.execPath, ['scripts/run.mjs', path, ...args], { encoding: 'utf8' });
}

beforeAll(() => {
  const lines = [
    `import shader from ${shader};`,
    'const [, , ...args]: string[] = process.argv;',
    'console.log(JSON.stringify([shader.name, args]));',
    'process.exitCode = Number(args[0]);',
  ];
  writeFileSync(join(folder, 'ok.ts'), lines.join('\n'));
  writeFileSync(
    join(folder, 'bad.ts'),
    "const message: string = 'no';\nthrow new Error(message);\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test('run.mjs runs TypeScript with shaders, passes arguments and exit code, keeps stdout clean', () => {
  const { status, stdout } = run('ok.ts', '3', '--flag');
  expect(stdout).toBe('["record",["3","--flag"]]\n');
  expect(status).toBe(3);
});

test('run.mjs exits 1 on an error, with its place', () => {
  const { status, stdout, stderr } = run('bad.ts');
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('bad.ts:2');
});

test('run.mjs sees every change: an edited import, an added file, import.meta.glob and later imports', () => {
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const list = (): string => run('list.ts').stdout;
  write(
    'list.ts',
    "const found = import.meta.glob<{ name: string }>('./part-*.ts');\n" +
      "const { word } = await import('./word.ts');\n" +
      'for (const load of Object.values(found)) console.log(word, (await load()).name);\n' +
      "console.log(import.meta.url.endsWith('/list.ts'));",
  );
  write('word.ts', "export const word: string = 'first';");
  write('part-a.ts', "export const name: string = 'a';");
  expect(list()).toBe('first a\ntrue\n');
  expect(list()).toBe('first a\ntrue\n');
  write('word.ts', "export const word: string = 'second';");
  expect(list()).toBe('second a\ntrue\n');
  write('part-b.ts', "export const name: string = 'b';");
  expect(list()).toBe('second a\nsecond b\ntrue\n');
});

test('a source of the project, changed, added or removed, makes another key', () => {
  const root = join(folder, 'project');
  for (const name of ['src', 'shaders/lib', 'scripts', 'benches', 'tests/support']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json']) write(name, '{}');
  const key = (): string => keyOf('entry.ts', root);
  const empty = key();
  expect(key()).toBe(empty);
  expect(keyOf('other.ts', root)).not.toBe(empty);
  for (const name of ['src/a.ts', 'shaders/lib/b.wgsl', 'scripts/c.mjs', 'tests/support/d.ts']) {
    write(name, '1');
    const added = key();
    write(name, '2');
    const changed = key();
    rmSync(join(root, name));
    expect(new Set([empty, added, changed]).size).toBe(3);
    expect(key()).toBe(empty);
  }
});
