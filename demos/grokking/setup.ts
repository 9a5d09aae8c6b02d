/** The experiment behind this page: its settings as rows and its presets as complete configurations. */
import { measuresSchema } from '../../src/lab/experiments/measures-schema';
import { modularSchema } from '../../src/lab/experiments/modular-schema';
import { modularPresets } from '../../src/lab/experiments/modular-presets';
import { parse } from '../../src/lab/schema';
import { describe } from '../../src/lab/schema-paths';
import { valueAt, type Config, type Field } from '../shared/fields';

/** What says which experiment this is, rather than how it goes. */
const fixed = ['schema', 'experiment', 'llc'];
const prefix = 'modular-addition.';

/** Measures may be left out of a configuration and so have no rows of their own; here they are always there. */
export const fields: readonly Field[] = [
  ...describe(modularSchema).filter(({ path }) => !fixed.includes(path.split('.')[0] ?? '')),
  ...describe(measuresSchema, 'measures'),
];

const measuresOf = (config: object): object => (valueAt(config, 'measures') ?? {}) as object;

/** By the short name that the address carries: `quick`, `transformer`, `paper`. */
export const presets: ReadonlyMap<string, Config> = new Map(
  modularPresets.map(({ name, config }) => {
    const parsed = parse(modularSchema, {
      ...config,
      measures: { ...measuresOf(config), readout: true },
    });
    // Enough weights along the way for λ̂ through training; the page keeps them in the browser.
    const checkpointEvery = Math.max(1, Math.round(parsed.steps / 40));
    return [name.slice(prefix.length), { ...parsed, checkpointEvery } as unknown as Config];
  }),
);

/** Why this configuration cannot be measured, or null where it can. */
export function sayUnmeasured(config: object): string | null {
  const modulus = Number(valueAt(config, 'data.modulus'));
  if (valueAt(config, 'data.operation') !== 'add') return 'they are about addition alone';
  if (modulus % 2 === 0 || modulus < 5) return 'they need an odd modulus of at least 5';
  if (valueAt(config, 'network.layerNorm') === true) {
    return 'they take the read-out of the neurons as linear, which layer norm is not';
  }
  if (valueAt(config, 'network.hidden') === 0) return 'they are about hidden units';
  return null;
}

/** The configuration as the experiment takes it: without measures where there is nothing that they know how to read. */
export function settle(config: object): object {
  return sayUnmeasured(config) === null ? config : { ...config, measures: null };
}

/** Which pictures a configuration has that come only while they are watched; measured vectors come by themselves. */
export function viewsFor(config: object): string[] {
  return [
    'embedding',
    'logits',
    ...(valueAt(config, 'network.kind') === 'transformer' ? ['attention'] : ['neuron_inputs']),
    ...(valueAt(config, 'measures') === null
      ? []
      : ['logit_spectrum', 'neuron_spectrum', 'neuron_maps']),
  ];
}
