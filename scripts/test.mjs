/**
 * `npm test [-- vitest arguments]`: types, lint and format, then every test in one vitest run. A failed
 * check does not hide the tests' results; it counts as one failure in the last line, `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loaderEnvironment } from './loader.mjs';

const CHECKS = ['types', 'lint', 'format:check'];
const shell = process.platform === 'win32'; // npm and npx are .cmd files there

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell,
  });
  return status ?? 1;
}

let failed = 0;
for (const check of CHECKS) {
  if (run('npm', ['run', '--silent', check]) === 0) continue;
  console.error(`check failed: npm run ${check}`);
  failed++;
}
process.exitCode = run('npx', ['--no-install', 'vitest', 'run', ...process.argv.slice(2)], {
  ...loaderEnvironment(),
  CUSP_FAILED_CHECKS: String(failed),
});
