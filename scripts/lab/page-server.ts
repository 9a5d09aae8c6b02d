/** The page of the lab as files on a local address: built once for what its sources say (scripts/run-cache.mjs), then kept. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBundle, holdBundle, keepBundle, keyOf, newBundle } from '../run-cache.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = resolve(root, 'scripts/lab/page');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
};

export interface PageServer {
  readonly address: string;
  close(): void;
}

export async function servePage(): Promise<PageServer> {
  const key = keyOf(source);
  const folder = findBundle(key) ?? (await buildPage(key));
  holdBundle(folder);
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://localhost').pathname) || 'index.html';
    readFile(join(folder, name)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(name)] }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  server.unref(); // a browser that does not start must not leave the command waiting
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function buildPage(key: string): Promise<string> {
  const folder = newBundle();
  const { build } = await import('vite');
  await build({
    root: source,
    configFile: resolve(root, 'scripts/run.config.ts'),
    mode: 'development',
    logLevel: 'error',
    base: './',
    publicDir: false,
    build: {
      target: 'es2022',
      minify: false,
      outDir: folder,
      assetsDir: '', // all in one folder
      modulePreload: false,
    },
  });
  // What was edited meanwhile may be in it, old or new: good for this once.
  if (keyOf(source) === key) keepBundle(key, folder, []);
  return folder;
}
