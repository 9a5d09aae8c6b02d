/** The experiment behind this page: its settings as rows and its presets as complete configurations. */
import { modularSchema } from '../../src/lab/experiments/modular-schema';
import { presets as named } from '../../src/lab/experiments/presets';
import { parse } from '../../src/lab/schema';
import { describe } from '../../src/lab/schema-paths';
import type { Config, Field } from '../shared/fields';

/** What says which experiment this is, rather than how it goes. */
const fixed = ['schema', 'experiment'];
const prefix = 'modular-addition.';

export const fields: readonly Field[] = describe(modularSchema).filter(
  ({ path }) => !fixed.includes(path),
);

/** By the short name that the address carries: `quick`, `transformer`, `paper`. */
export const presets: ReadonlyMap<string, Config> = new Map(
  named
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, config }) => [
      name.slice(prefix.length),
      parse(modularSchema, config) as unknown as Config,
    ]),
);
