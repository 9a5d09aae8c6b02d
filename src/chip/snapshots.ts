/** Saving what replicas keep between dispatches and putting it back, in order with the submits. */
import type { Gpu } from '../gpu/open';
import { readBuffer } from '../gpu/readback';
import type { Snapshot } from '../graph/program';
import { bytesOf } from '../plan/arena';
import type { Plan } from '../plan/build';
import type { Order } from '../plan/order';
import type { Block } from '../plan/types';
import { packState, unpackState, type Kept } from './planes';

export interface SnapshotSpec {
  readonly gpu: Gpu;
  readonly plan: Plan;
  readonly inOrder: Order['inOrder'];
  readonly blocks: {
    readonly parameters: Block;
    /** [R, planes·P + places] */
    readonly state: Block;
  };
  readonly kept: Kept;
  readonly replicas: number;
  /** P, padding included. */
  readonly size: number;
}

export interface Snapshots {
  /** As it is after all submits so far, which end at `step`. */
  save(step: number): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
}

export function createSnapshots(spec: SnapshotSpec): Snapshots {
  const { gpu, plan, inOrder, blocks, kept, replicas, size } = spec;
  const read = async (block: Block): Promise<Float32Array> =>
    new Float32Array(
      await readBuffer(gpu, plan.buffer(block), 0, bytesOf(block)),
      0,
      block.elements,
    );
  const write = (block: Block, values: Float32Array): void =>
    gpu.device.queue.writeBuffer(plan.buffer(block), 0, values as Float32Array<ArrayBuffer>);
  return {
    async save(step) {
      const [parameters, all] = await inOrder(() =>
        Promise.all([read(blocks.parameters), read(blocks.state)]),
      );
      const { state, scalars } = unpackState(all, kept, replicas, size);
      return { step, parameters, state, ...(kept.places > 0 && { scalars }) };
    },
    restore(snapshot) {
      // It may have to wait, and the arrays are the caller's.
      const parameters = snapshot.parameters.slice();
      const all = packState(snapshot, kept, replicas, size);
      void inOrder(() => {
        write(blocks.parameters, parameters);
        write(blocks.state, all);
      });
    },
  };
}
