import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

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
