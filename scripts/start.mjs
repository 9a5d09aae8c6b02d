/**
 * `npm start`: Vite's dev server on the demos. Opens the browser when there is a display, prints the URL.
 * `npm start -- --port 8080 --host` as with Vite; --no-open keeps the browser closed.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5173' },
    host: { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
  },
});

const display =
  process.platform === 'linux'
    ? Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
    : !process.env.SSH_CONNECTION;

const server = await createServer({
  configFile: resolve(fileURLToPath(new URL('..', import.meta.url)), 'vite.config.ts'),
  server: {
    port: Number(values.port),
    host: values.host ? true : undefined,
    open: display && !values['no-open'],
  },
});
await server.listen();
server.printUrls();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
