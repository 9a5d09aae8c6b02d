// `npm run reflect`: checks every shader against the conventions and writes its TypeScript declaration.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('./wgsl-plugin.ts', import.meta.url));
const { module } = await runnerImport(path, { logLevel: 'error' });
const problems = module.writeAllDeclarations();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
