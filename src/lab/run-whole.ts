/** Any run: of one program, in stages, or a training with what follows on it. What only the latter two need is fetched for them. */
import { startRun, type Run, type RunOptions } from './run';

/** Starts a run with whatever follows on its training. */
export async function startWhole(options: RunOptions): Promise<Run> {
  const { model } = options;
  if ('staged' in model) {
    const { startStaged } = await import('./run-staged');
    return startStaged(options, model);
  }
  if (!('sequel' in model) || !model.sequel) return startRun(options);
  const { startThrough } = await import('./run-through');
  return startThrough(options, model, model.sequel);
}
