/**
 * Families of kernels: what a page fetches together, when the first of them is compiled. A family is what a network, a sampler or an
 * adapter either uses or does not.
 */
import { readOwnText } from './wgsl-source.ts';

const FAMILIES: readonly (readonly [name: string, files: RegExp])[] = [
  ['attention', /attention/],
  ['layer-norm', /^layer-norm/],
  ['measures', /^(?:dft\/|pair-)/],
  ['random', /^random/],
  ['samplers', /^optim\/sampler\//],
  ['sgd', /^optim\/sgd/],
  // All steps of a chain or of a small network in one kernel, by what is sampled or trained.
  ['chip-potential', /^chain\/.*(?:polynomial|quadratic)/],
  ['chip-superposition', /^(?:chain|chip)\/.*(?:superposition|features)/],
  ['chip-network', /^(?:chain|chip)\/.*network/],
  ['chip', /^chip\//],
  ['bench', /^bench\//],
  ['tuned', /^matmul\/(?:subgroups|.*half)/],
  // What a software adapter with subgroups takes, and no GPU.
  ['quads', /^matmul\/quads|^linear-gradient(?:-|\.)/],
  // Adds up what kernels for GPUs leave.
  ['teams', /^linear-gradient\/total/],
];
/** Kernels of workgroups that share memory: those for GPUs. */
const TEAMS = 'teams';
/** What every training uses. */
const COMMON = 'common';

/** Family of a kernel, by its path under shaders/. */
export function familyOf(file: string, texts: readonly string[]): string {
  const found = FAMILIES.find(([, files]) => files.test(file));
  if (found) return found[0];
  const shares = texts.some((text) => /\bworkgroupBarrier\b/.test(readOwnText(text)));
  return shares ? TEAMS : COMMON;
}
