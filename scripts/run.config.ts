import { defineConfig } from 'vite';
import { wgsl } from './wgsl-plugin.ts';

/**
 * What the plugin does beyond loading shaders is for pages: a command keeps the text of a kernel as it is written, for
 * whoever reads a compiler's message, and its declarations are written before (scripts/prepare.mjs).
 */
const plugin = wgsl();
delete plugin.configResolved;
delete plugin.buildStart;

/** Vite's settings for TypeScript run in Node (scripts/bundle.mjs) and for the pages of the lab. */
export default defineConfig({ plugins: [plugin] });
