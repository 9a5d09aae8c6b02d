import type { Linter } from 'eslint';

export const RANKS: readonly (readonly string[])[];
export function layerRules(): Linter.Config[];
