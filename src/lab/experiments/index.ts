/** All kinds of experiments and all presets; unknown names are answered with the nearest known one. */
import { BadConfig } from '../../gpu/errors';
import { didYouMean } from '../suggest';
import { llc } from './llc';
import { lottery } from './lottery';
import { modularAddition } from './modular-addition';
import { nameOf, show } from './names';
import { presets } from './presets';
import { progressMeasures } from './progress-measures';
import { tickets } from './tickets';
import type { Experiment, Preset } from './types';

export { presets };

/** By the name in their configurations' `experiment`. */
export const experiments: Readonly<Record<string, Experiment>> = {
  // A configuration only ever reaches the experiment that parsed it.
  'modular-addition': modularAddition as Experiment,
  llc: llc as Experiment,
  'progress-measures': progressMeasures as Experiment,
  tickets: tickets as Experiment,
  lottery: lottery as Experiment,
};

/** The kind of a raw configuration, from its `experiment`. Throws BadConfig. */
export function findExperiment(config: unknown): Experiment {
  return experiments[nameOf(config, Object.keys(experiments))];
}

/** Throws BadConfig. */
export function findPreset(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found) return found;
  const known = presets.map((preset) => preset.name);
  throw new BadConfig('preset', {
    asked: `no preset is called ${show(name)}`,
    limit: `known are ${known.join(', ')}`,
    remedy: didYouMean(name, known),
  });
}
