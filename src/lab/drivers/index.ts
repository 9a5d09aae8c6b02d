/** Which driver a model takes. It is fetched: who samples needs no compiler of graphs. */
import type { SingleModel } from '../experiments/types';
import type { Driver } from './types';

export type { Driver, Opened, View } from './types';

export async function driverOf(model: SingleModel): Promise<Driver> {
  if ('loss' in model) {
    const { trainingDriver } = await import('./training');
    return trainingDriver(model);
  }
  const { samplingDriver } = await import('./sampling');
  return samplingDriver(model);
}
