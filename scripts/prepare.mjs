/**
 * Runs before start, test, lab, bench and build, so that a fresh clone needs nothing but Node: installs
 * node_modules when missing or older than the lockfile, reflects the shaders, and with --chrome makes sure
 * of a browser. Plain Node without imports from node_modules. Output goes to stderr.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChrome, installHint } from './chrome.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const options = new Set(process.argv.slice(2));

checkNode();
installPackages();
run(process.execPath, [join(ROOT, 'scripts/write-declarations.mjs')]);
if (options.has('--chrome')) ensureChrome();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `Node ${process.versions.node} is too old: Cusp needs 20.19 or newer (https://nodejs.org).`,
    );
  }
}

function installPackages() {
  const lock = join(ROOT, 'package-lock.json');
  const installed = join(ROOT, 'node_modules/.package-lock.json'); // npm writes it last
  if (existsSync(installed) && (newer(installed, lock) || sameVersions(installed, lock))) return;
  say('installing packages (npm ci)');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

function newer(a, b) {
  return statSync(a).mtimeMs >= statSync(b).mtimeMs;
}

/** A checkout touches the lockfile without changing it; another npm ci would then be for nothing. */
function sameVersions(installed, lock) {
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(lock, 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

function ensureChrome() {
  if (findChrome()) return;
  const root = process.getuid?.() === 0;
  if (process.platform === 'linux' && root && existsSync('/etc/debian_version')) {
    say('no Chrome found: installing chromium with apt-get');
    const done =
      attempt('apt-get', ['update', '-qq']) &&
      attempt('apt-get', ['install', '-y', '-qq', 'chromium'], {
        DEBIAN_FRONTEND: 'noninteractive',
      });
    if (done && findChrome()) return;
  }
  const message = `No Chrome or Chromium found. Install one:\n\n    ${installHint()}\n\nor set CHROME_PATH to an existing one.`;
  // The lab and the benches have runtimes without a browser; they say so themselves when they need it.
  if (options.has('--quiet')) say(message);
  else fail(message);
}

function run(command, args) {
  if (!attempt(command, args)) fail(`${command} ${args.join(' ')} failed`);
}

/** False where the command says that it failed. */
function attempt(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    // stdout belongs to the command that follows: its last line may be a JSON object
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    shell: command.endsWith('.cmd'),
  });
  if (error) say(`${command}: ${error.message}`);
  return status === 0;
}

function say(message) {
  console.error(message);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
