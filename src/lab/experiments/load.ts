/** Experiments fetched when they are first asked for, so that a page loads only the one it runs. */
import { nameOf } from './names';
import type { Experiment } from './types';

/** Bundlers make a file of each of these imports. */
const loaders: Readonly<Record<string, () => Promise<unknown>>> = {
  'modular-addition': () => import('./modular-addition').then((own) => own.modularAddition),
  llc: () => import('./llc').then((own) => own.llc),
  'progress-measures': () => import('./progress-measures').then((own) => own.progressMeasures),
  tickets: () => import('./tickets').then((own) => own.tickets),
  lottery: () => import('./lottery').then((own) => own.lottery),
};

export const loadable: readonly string[] = Object.keys(loaders);

/** As `findExperiment`. Rejects with BadConfig. */
export async function loadExperiment(config: unknown): Promise<Experiment> {
  // A configuration only ever reaches the experiment that parsed it.
  return (await loaders[nameOf(config, loadable)]()) as Experiment;
}
