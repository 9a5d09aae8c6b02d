/** The metric ring: a row of scalars per step, written on the device, copied out behind the work. */
import type { PhaseUnderway } from './phase';
import { createBlock } from './phase';
import record from '../../shaders/record.wgsl';
import type { Block } from './types';

/** A scalar per replica somewhere in a block: stride 0 where all replicas share it. */
export interface Scalar {
  readonly name: string;
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
const SCALARS_PER_LAUNCH = 6;

/** Ends a step: records its scalars and advances the clock. */
export function recordMetrics(
  to: PhaseUnderway,
  clock: Block,
  scalars: readonly Scalar[],
): MetricRing {
  const columns = Math.max(1, scalars.length * to.replicas);
  const block = createBlock('metrics', RING_ROWS * columns, 'persistent');
  const launches = Math.max(1, Math.ceil(scalars.length / SCALARS_PER_LAUNCH));
  for (let k = 0; k < launches; k++) {
    const chunk = scalars.slice(k * SCALARS_PER_LAUNCH, (k + 1) * SCALARS_PER_LAUNCH);
    launchRecord(
      to,
      { clock, ring: block, columns, column: k * SCALARS_PER_LAUNCH * to.replicas },
      chunk,
      {
        tick: k === launches - 1,
      },
    );
  }
  return { names: scalars.map(({ name }) => name), block, capacity: RING_ROWS, columns };
}

function launchRecord(
  to: PhaseUnderway,
  { clock, ring, columns, column }: { clock: Block; ring: Block; columns: number; column: number },
  chunk: readonly Scalar[],
  { tick }: { tick: boolean },
): void {
  // A launch binds six blocks; where fewer scalars are recorded the rest repeat the first, or a spare word.
  const spare: Scalar = { name: 'none', block: to.transient('no metric', 1), offset: 0, stride: 0 };
  const at = (k: number): Scalar => chunk[k] ?? chunk[0] ?? spare;
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
      count: chunk.length,
      replicas: to.replicas,
      capacity: RING_ROWS,
      columns,
      column,
      offset0: at(0).offset,
      offset1: at(1).offset,
      offset2: at(2).offset,
      offset3: at(3).offset,
      offset4: at(4).offset,
      offset5: at(5).offset,
      stride0: at(0).stride,
      stride1: at(1).stride,
      stride2: at(2).stride,
      stride3: at(3).stride,
      stride4: at(4).stride,
      stride5: at(5).stride,
    },
    overrides: { WORKGROUP: to.traits.barriers ? 64 : 4, TICK: tick ? 1 : 0 },
    groups: [1, 1, 1],
  });
}
