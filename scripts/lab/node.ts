/** The `node` runtime: Dawn in this process. */
import { openGpu, type Gpu } from '../../src/gpu/open';
import { openDawn } from '../dawn';

export async function openNodeGpu(): Promise<Gpu> {
  return openGpu({ gpu: await openDawn() });
}
