/**
 * Vite plugin for the build of the library, which is one file: what the pages fetch on demand is imported at once. Without it the
 * bundler would wrap each of these modules, and all they import, in a function, and a user's bundler could leave none of it out.
 */
import type { Plugin } from 'vite';

const ON_DEMAND = /\bawait import\(('[^']+')\)/g;

export function library(): Plugin {
  return {
    name: 'cusp:library',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (id.includes('/node_modules/') || !code.includes('await import(')) return null;
      const imports: string[] = [];
      const body = code.replace(ON_DEMAND, (_, path: string) => {
        const name = `onDemand${imports.length}`;
        imports.push(`import * as ${name} from ${path};`);
        return name;
      });
      // On the first line, so that the map still holds for all others.
      return { code: imports.join(' ') + body, map: null };
    },
  };
}
