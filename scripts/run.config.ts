import { defineConfig } from 'vite';
import { wgsl } from './wgsl-plugin.ts';

/** Vite's settings for TypeScript run in Node (scripts/run.mjs). */
export default defineConfig({ plugins: [wgsl()] });
