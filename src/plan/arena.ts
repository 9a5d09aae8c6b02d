/**
 * Memory for transient blocks. Each lives from the launch that first binds it to the one that last does; blocks whose lives
 * don't meet share a slot. A slot is a buffer of its own and not a range of one big buffer, because WebGPU's usage rule
 * is per buffer: a launch may not read one range of a buffer and write another.
 */
import type { Block, Phase } from './types';

export interface Arena {
  /** Slot of each transient block. */
  readonly slots: ReadonlyMap<Block, number>;
  /** Bytes of each slot. */
  readonly bytes: readonly number[];
}

interface Life {
  readonly block: Block;
  readonly first: number;
  last: number;
}

/** Whole 16-byte units, so that `array<vec4f>` covers the last element too. */
export function bytesOf(block: Block): number {
  return Math.ceil(block.elements / 4) * 16;
}

/** Slots for all phases; phases run one after another, so each may use every slot. */
export function placeTransients(phases: readonly Phase[]): Arena {
  const slots = new Map<Block, number>();
  const bytes: number[] = [];
  for (const phase of phases) {
    const lives = livesOf(phase);
    placePhase(lives, slots, bytes);
    checkPlacement(phase.name, lives, slots, bytes);
  }
  return { slots, bytes };
}

function livesOf(phase: Phase): Life[] {
  const lives = new Map<Block, Life>();
  phase.dispatches.forEach((dispatch, at) => {
    for (const block of Object.values(dispatch.bindings)) {
      if (block.kind !== 'transient') continue;
      const life = lives.get(block);
      if (life) life.last = at;
      else lives.set(block, { block, first: at, last: at });
    }
  });
  return [...lives.values()].sort((a, b) => a.first - b.first);
}

/** Best fit; when nothing fits, the largest free slot grows. */
function placePhase(lives: readonly Life[], slots: Map<Block, number>, bytes: number[]): void {
  const busyUntil = bytes.map(() => -1);
  for (const { block, first, last } of lives) {
    const size = bytesOf(block);
    let best = -1;
    for (let slot = 0; slot < bytes.length; slot++) {
      if (busyUntil[slot] >= first) continue;
      if (best < 0 || betterFit(bytes[slot], bytes[best], size)) best = slot;
    }
    if (best < 0) best = bytes.push(0) - 1;
    bytes[best] = Math.max(bytes[best], size);
    busyUntil[best] = last;
    slots.set(block, best);
  }
}

function betterFit(candidate: number, current: number, size: number): boolean {
  if (candidate >= size && current >= size) return candidate < current;
  return candidate > current;
}

/** Throws when two blocks alive at once share a slot or a block does not fit: a planner's bug must not become wrong numbers. */
export function checkPlacement(
  phase: string,
  lives: readonly Life[],
  slots: ReadonlyMap<Block, number>,
  bytes: readonly number[],
): void {
  const bySlot = new Map<number, Life[]>();
  for (const life of lives) {
    const slot = slots.get(life.block);
    if (slot === undefined || bytes[slot] < bytesOf(life.block)) {
      throw new Error(`plan ${phase}: block '${life.block.label}' has no room`);
    }
    const tenants = bySlot.get(slot) ?? [];
    const clash = tenants.find((other) => other.first <= life.last && life.first <= other.last);
    if (clash) {
      throw new Error(
        `plan ${phase}: '${clash.block.label}' and '${life.block.label}' overlap in slot ${slot}`,
      );
    }
    bySlot.set(slot, [...tenants, life]);
  }
}
