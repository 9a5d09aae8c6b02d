/** All parity cases: every array exported by a file of this folder under a name that ends in `Cases`. */
import type { Case } from '../types';

const files = import.meta.glob<Record<string, unknown>>(['./*.ts', '!./index.ts'], { eager: true });

export const allCases: readonly Case[] = /* @__PURE__ */ Object.values(files).flatMap((exports) =>
  Object.entries(exports)
    .filter(([name]) => name.endsWith('Cases'))
    .flatMap(([, cases]) => cases as readonly Case[]),
);
