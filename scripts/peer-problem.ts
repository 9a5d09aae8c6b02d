/**
 * `node scripts/run.mjs scripts/peer-problem.ts`: writes what the PyTorch benches are to compute, and what must come out, to
 * benches/peers/data. The files are in the repository, so that a machine with PyTorch needs neither Node nor a build; a test makes
 * them again and compares.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeChains } from './peer-problem/chains';
import { writeMatmul } from './peer-problem/matmul';
import { transformerLosses, writeStep } from './peer-problem/step';

const folder = fileURLToPath(new URL('../benches/peers/data/', import.meta.url));
mkdirSync(folder, { recursive: true });

const losses = {
  batch512: await transformerLosses('batch512'),
  paper: await transformerLosses('paper'),
};
writeFileSync(`${folder}step.safetensors`, await writeStep(losses));
writeFileSync(`${folder}matmul.json`, writeMatmul());
writeFileSync(`${folder}chains.safetensors`, await writeChains());
