/** Checkpoints of a run kept as it goes, the points at which λ̂ through training is sampled: one file, steps first. */
import type { ParameterLayout } from '../graph/layout';
import type { Program, Snapshot } from '../graph/program';
import type { Checkpoint, TrainingModel } from './experiments/types';
import type { Files } from './files';

export const CHECKPOINTS = 'checkpoints.safetensors';

export interface Collection {
  /** First step after `step` whose state is kept; Infinity where there is none. */
  next(step: number): number;
  readonly kept: readonly Checkpoint[];
  /** Is the state after this step to be kept, and not yet? */
  wants(step: number): boolean;
  add(snapshot: Snapshot): void;
  truncate(step: number): void;
  /** Those kept when it is called, as a file. */
  files(layout: ParameterLayout, replicas: number): Promise<Files>;
  restore(files: Files, step: number): Promise<void>;
}

export function createCollection(model: TrainingModel | null, program: Program): Collection {
  const every = model?.checkpointEvery ?? Infinity;
  const single = [...(model?.keepAt ?? [])].sort((a, b) => a - b);
  const kept: Checkpoint[] = [];
  const isKept = (step: number): boolean =>
    (every !== Infinity && step % every === 0) || single.includes(step);
  return {
    kept,
    next: (step) =>
      Math.min(
        every === Infinity ? Infinity : (Math.floor(step / every) + 1) * every,
        single.find((at) => at > step) ?? Infinity,
      ),
    wants: (step) => isKept(step) && !kept.some((one) => one.step === step),
    add({ step, parameters }) {
      // A snapshot is of the last step submitted, which may be past the one that was asked for.
      if (isKept(step)) kept.push({ step, parameters });
    },
    truncate(step) {
      const keep = kept.filter((one) => one.step <= step);
      kept.splice(0, kept.length, ...keep);
    },
    async files(layout, replicas): Promise<Files> {
      const now = [...kept];
      if (now.length === 0) return {};
      const { writeCollection } = await import('./collection-file');
      return { [CHECKPOINTS]: writeCollection(now, layout, replicas, model?.config ?? {}) };
    },
    async restore(files, step) {
      const bytes = files[CHECKPOINTS];
      if (!bytes || (every === Infinity && single.length === 0)) return;
      const { readCollection, unpackCheckpoints } = await import('./collection-read');
      const { layout, replicas } = program;
      const { steps, tensors } = readCollection(bytes);
      const found = unpackCheckpoints(tensors, steps, layout, replicas);
      kept.push(...found.filter((one) => one.step <= step));
    },
  };
}
