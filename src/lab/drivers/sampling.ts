/** Drives chains of a sampler: the model makes their program and sums up what they record. */
import type { SamplingModel } from '../experiments/types';
import type { Driver } from './types';

export function samplingDriver(model: SamplingModel): Driver {
  let step = 0;
  return {
    columns: model.columns,
    noun: 'chain',
    milestones: [],
    measures: null,
    open: (gpu, onKernel) => model.open(gpu, onKernel),
    read(batch, to) {
      step = batch.firstStep + batch.count;
      for (const { chain, step: when } of model.take(batch)) to.lost(when, chain);
    },
    row: () => model.row(),
    canView: () => true,
    views: (names) =>
      Promise.resolve(
        names.flatMap((name) => {
          const view = model.view(name);
          return view ? [{ name, step, ...view }] : [];
        }),
      ),
    mark: (to) => model.mark(to),
    files: () => model.files(),
    restore: (files, to) => model.restore(files, to),
    truncate: (to) => model.truncate(to),
  };
}
