/**
 * `npm test [-- vitest arguments]`: types, lint and format side by side, then every test in one vitest run. A failed
 * check does not hide the tests' results; it counts as one failure in the last line, `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loaderEnvironment } from './loader.mjs';

const CHECKS = ['types', 'lint', 'format:check'];
const cwd = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32'; // npm and npx are .cmd files there

/** Resolves with the exit status and, where it was not shown, the output. */
function run(command, args, { env = {}, stdio }) {
  const options = { cwd, stdio, env: { ...process.env, ...env }, shell };
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => resolve({ status: 1, output: Buffer.from(String(error)) }));
    child.on('close', (code) => resolve({ status: code ?? 1, output: Buffer.concat(output) }));
  });
}

// What they print is held back until each is done, so that it does not mix.
const hidden = ['ignore', 'pipe', 'pipe'];
const checks = CHECKS.map((check) => run('npm', ['run', '--silent', check], { stdio: hidden }));
let failed = 0;
for (const [k, check] of CHECKS.entries()) {
  const { status, output } = await checks[k];
  process.stdout.write(output);
  if (status === 0) continue;
  console.error(`check failed: npm run ${check}`);
  failed++;
}
const { status } = await run('npx', ['--no-install', 'vitest', 'run', ...process.argv.slice(2)], {
  env: { ...loaderEnvironment(), CUSP_FAILED_CHECKS: String(failed) },
  stdio: 'inherit',
});
process.exitCode = status;
