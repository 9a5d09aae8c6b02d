/** The metric ring: a row of scalars per step, written on the device, copied out behind the work. */
import type { PhaseUnderway } from './phase';
import { createBlock } from './phase';
import record from '../../shaders/record.wgsl';
import type { Block } from './types';

/** Scalars per replica side by side somewhere in a block, replica r's at offset + r·stride; stride 0 where all share them. */
export interface Scalars {
  readonly names: readonly string[];
  readonly block: Block;
  readonly offset: number;
  readonly stride: number;
}

export interface MetricRing {
  readonly names: readonly string[];
  readonly block: Block;
  /** Rows before the ring wraps: no submit may hold more steps. */
  readonly capacity: number;
  /** Floats in a row. */
  readonly columns: number;
}

const RING_ROWS = 256;
const SOURCES_PER_LAUNCH = 6;

/** Ends a step: records its scalars and advances the clock. */
export function recordMetrics(
  to: PhaseUnderway,
  clock: Block,
  sources: readonly Scalars[],
): MetricRing {
  const names = sources.flatMap((source) => source.names);
  const columns = Math.max(1, names.length * to.replicas);
  const ring = createBlock('metrics', RING_ROWS * columns, 'persistent');
  let column = 0;
  const placed = sources.map((source): Placed => {
    const place = [source.offset, source.stride, source.names.length, column] as const;
    column += source.names.length * to.replicas;
    return { block: source.block, place };
  });
  const launches = Math.max(1, Math.ceil(sources.length / SOURCES_PER_LAUNCH));
  for (let k = 0; k < launches; k++) {
    const chunk = placed.slice(k * SOURCES_PER_LAUNCH, (k + 1) * SOURCES_PER_LAUNCH);
    launchRecord(to, { clock, ring, columns }, chunk, { tick: k === launches - 1 });
  }
  return { names, block: ring, capacity: RING_ROWS, columns };
}

interface Placed {
  readonly block: Block;
  /** Offset, stride of replicas, scalars, first float of a row. */
  readonly place: readonly [number, number, number, number];
}

function launchRecord(
  to: PhaseUnderway,
  { clock, ring, columns }: { clock: Block; ring: Block; columns: number },
  chunk: readonly Placed[],
  { tick }: { tick: boolean },
): void {
  // A launch binds six blocks; where fewer are recorded the rest repeat the first, or a spare word, and record nothing.
  const spare = chunk[0]?.block ?? to.transient('no metric', 1);
  const at = (k: number): Placed => chunk[k] ?? { block: spare, place: [0, 0, 0, 0] };
  to.launch(record, {
    bindings: {
      clock,
      ring,
      m0: at(0).block,
      m1: at(1).block,
      m2: at(2).block,
      m3: at(3).block,
      m4: at(4).block,
      m5: at(5).block,
    },
    params: {
      replicas: to.replicas,
      capacity: RING_ROWS,
      columns,
      place0: at(0).place,
      place1: at(1).place,
      place2: at(2).place,
      place3: at(3).place,
      place4: at(4).place,
      place5: at(5).place,
    },
    overrides: { WORKGROUP: to.traits.barriers ? 256 : 4, TICK: tick ? 1 : 0 },
    groups: [1, 1, 1],
  });
}
