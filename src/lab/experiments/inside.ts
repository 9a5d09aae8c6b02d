/** Naming fields by their whole path. */
import { BadConfig } from '../../gpu/errors';

/** Errors about a field of a part name it by its path in the whole configuration. */
export function inside<T>(part: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof BadConfig) || error.path.startsWith(`${part}.`)) throw error;
    const text = error.message.startsWith(`${error.path}: `)
      ? error.message.slice(error.path.length + 2)
      : error.message;
    throw new BadConfig(`${part}.${error.path}`, text, { cause: error });
  }
}
