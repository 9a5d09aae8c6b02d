/** The staging buffers of a runner, whose size is known and compared with the limit before anything is made (DESIGN §6). */
import type { Gpu } from '../gpu/open';
import { TIMING_BYTES } from '../gpu/timing';
import { bytesOf } from './arena';
import { checkSize } from './build';
import type { After } from './runner';
import type { Block } from './types';

/** Bytes of one: all rows of the ring, the largest set of outputs and the times. Throws `LimitExceeded`. */
export function stagingBytes(
  { device }: Gpu,
  replicas: number,
  ring: Block | null,
  afters: readonly After[] = [],
): number {
  const sum = (blocks: readonly Block[]): number =>
    blocks.reduce((bytes, block) => bytes + bytesOf(block), 0);
  const outputs = Math.max(0, ...afters.map((after) => sum(after.outputs)));
  const bytes = (ring ? bytesOf(ring) : 0) + outputs + TIMING_BYTES;
  const label = `rows and outputs of replicas = ${replicas}`;
  checkSize(label, bytes, device.limits.maxBufferSize, 'has a maxBufferSize of');
  return bytes;
}
