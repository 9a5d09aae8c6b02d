/**
 * Finds a Chrome or Chromium, and says how to start it. Plain Node: prepare.mjs uses it before anything is
 * installed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const PLACES = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    join(homedir(), 'Applications/Google Chrome.app/Contents/MacOS/Google Chrome'),
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => [
    join(process.env[name] ?? '', 'Google/Chrome/Application/chrome.exe'),
    join(process.env[name] ?? '', 'Microsoft/Edge/Application/msedge.exe'),
  ]),
};

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a browser, or null. A path named in the environment is taken at its word. */
export function findChrome() {
  const named = process.env.CHROME_PATH || process.env.PUPPETEER_EXECUTABLE_PATH;
  if (named) return named;
  const found = [
    ...cachedChromes(),
    ...(PLACES[process.platform] ?? []),
    ...(process.env.PATH ?? '').split(delimiter).flatMap((dir) => NAMES.map((n) => join(dir, n))),
  ];
  return found.find((path) => existsSync(path)) ?? null;
}

/** Browsers that `npx puppeteer browsers install chrome` left in puppeteer's cache, newest first. */
function cachedChromes() {
  const root = process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache/puppeteer');
  const inside = {
    linux: ['chrome-linux64/chrome'],
    darwin: ['arm64', 'x64'].map(
      (cpu) =>
        `chrome-mac-${cpu}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
    ),
    win32: ['chrome-win64/chrome.exe'],
  }[process.platform];
  try {
    return readdirSync(join(root, 'chrome'))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .flatMap((version) => (inside ?? []).map((path) => join(root, 'chrome', version, path)));
  } catch {
    return []; // no cache
  }
}

/** The one command that installs a browser on this platform. */
export function installHint() {
  if (process.platform === 'linux' && existsSync('/usr/bin/apt-get')) {
    return 'sudo apt-get install -y chromium';
  }
  return 'npx puppeteer browsers install chrome';
}

const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Flags for a WebGPU adapter. The software adapter is the default on Linux, where a display driver can not
 * be counted on; CUSP_GPU=1 asks for the real card, CUSP_GPU=0 for software on any platform.
 */
export function chromeFlags() {
  const software = process.env.CUSP_GPU
    ? process.env.CUSP_GPU === '0'
    : process.platform === 'linux';
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  return [
    ...QUIET,
    ...(root ? ['--no-sandbox'] : []), // Chromium refuses its sandbox to root
    '--enable-unsafe-webgpu',
    ...(software
      ? ['--use-webgpu-adapter=swiftshader']
      : process.platform === 'linux'
        ? ['--enable-features=Vulkan', '--use-angle=vulkan', '--disable-vulkan-surface']
        : []),
    // A staged device loss must not cost the page its adapter for good.
    '--disable-gpu-process-crash-limit',
    '--disable-domain-blocking-for-3d-apis',
  ];
}
