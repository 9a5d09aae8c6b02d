import { defineConfig, type Plugin } from 'vite';
import { wgsl } from './wgsl-plugin.ts';

/**
 * What the plugin does beyond loading shaders is for pages: a command keeps the text of a kernel as it is written, for
 * whoever reads a compiler's message, and its declarations are written before (scripts/prepare.mjs).
 */
function kernels(): Plugin {
  const plugin = wgsl();
  delete plugin.configResolved;
  delete plugin.buildStart;
  return plugin;
}

/** Vite's settings for TypeScript run in Node (scripts/bundle.mjs) and for the page of the lab. */
export default defineConfig({
  plugins: [kernels()],
  worker: { format: 'es', plugins: () => [kernels()] },
});
