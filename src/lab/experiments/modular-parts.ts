/** The data of the modular-arithmetic experiment: a split per replica, and the tokens that a network reads. */
import { modularArithmetic, type ModularData } from '../../data/modular';
import { inside } from './inside';
import type { ModularConfig } from './modular-schema';

/** Replica r is seed + r, counted round at 2³². */
export function seedOf(config: ModularConfig, replica: number): number {
  return (config.seed + replica) >>> 0;
}

/** A split per replica, all of one size. */
export function splitData(config: ModularConfig): ModularData[] {
  return Array.from({ length: config.replicas }, (_, replica) =>
    inside('data', () => modularArithmetic({ ...config.data, seed: seedOf(config, replica) })),
  );
}

/** Does each sample end in the token "="? */
export function endsInEquals({ network }: ModularConfig): boolean {
  return network.kind === 'transformer' && network.equals;
}

/** Operand pairs N × 2 as the network reads them: with "=" (token p) after each, if it wants one. */
export function toTokens(config: ModularConfig, pairs: Uint32Array, equals: number): Uint32Array {
  if (!endsInEquals(config)) return pairs;
  return Uint32Array.from({ length: (pairs.length / 2) * 3 }, (_, i) =>
    i % 3 === 2 ? equals : pairs[Math.floor(i / 3) * 2 + (i % 3)],
  );
}
