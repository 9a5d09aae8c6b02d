import type { SingleModel } from '../experiments/types';
import { samplingDriver } from './sampling';
import { trainingDriver } from './training';
import type { Driver } from './types';

export { THROUGH_COLUMNS, trainingSpec } from './training';
export type { Driver, Opened, View } from './types';

export function driverOf(model: SingleModel): Driver {
  return 'loss' in model ? trainingDriver(model) : samplingDriver(model);
}
