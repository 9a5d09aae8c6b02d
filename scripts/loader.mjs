/**
 * Dawn in Node asks the system for the Vulkan loader. Where the system has none, Chromium brings its own; the dynamic
 * linker only looks there if told so before the process starts, hence the second process.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const CHROMIUM = '/usr/lib/chromium';
const LOADER = 'libvulkan.so.1';
const SYSTEM = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/local/lib',
];

/** True when this process can't find a Vulkan loader but a child that is told where to look can. */
export function needsLoader() {
  return (
    process.platform === 'linux' &&
    !process.env.LD_LIBRARY_PATH &&
    existsSync(`${CHROMIUM}/${LOADER}`) &&
    !SYSTEM.some((folder) => existsSync(`${folder}/${LOADER}`))
  );
}

/** What a child's environment needs so that it finds a loader. */
export function loaderEnvironment() {
  return needsLoader() ? { LD_LIBRARY_PATH: CHROMIUM } : {};
}

/** Runs this very command again with the loader in reach; signals, streams and the exit code are passed on. */
export function runAgainWithLoader() {
  const env = { ...process.env, ...loaderEnvironment() };
  const child = spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
