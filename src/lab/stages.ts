/**
 * Finished stages of a run in stages as one file: the checkpoints they kept and the arrays they leave behind as tensors, their rows, events
 * and results in the metadata; and what belongs to the checkpoint of the stage under way. stages-read.ts reads it.
 */
import { packCheckpoints } from './collection-file';
import type { StageOutcome } from './experiments/types';
import type { RunEvent } from './record';
import { writeSafetensors, type Tensor } from './safetensors';

/** What a stage showed so far, in its own counting: its replicas, its steps. */
export interface StageHistory {
  /** `StagedModel.signature` of this stage and those before it. */
  readonly signature: string;
  /** Rows of its own table; empty for chains. */
  readonly csv: string;
  readonly events: readonly RunEvent[];
  readonly seconds: number;
  readonly warnings: readonly string[];
}

export interface FinishedStage extends StageHistory {
  readonly outcome: StageOutcome;
  readonly replicas: number;
}

export interface StoredStages {
  readonly done: readonly FinishedStage[];
  /** The stage that the checkpoint beside this file is of, and the names of the files that go with it. */
  readonly current: StageHistory & {
    readonly index: number;
    readonly files: readonly string[];
    /** As `StageOutcome.keep`: a run that goes on makes it anew, readers of the file find it here. */
    readonly keep: StageOutcome['keep'];
  };
}

export const SCHEMA = '1';
export const CHECKPOINTS = 'checkpoints';
export const KEEP = 'keep';

/** Tensors `0/checkpoints/embed.weight` [T, (R,) shape] and `1/keep/masks` [n]. */
export function writeStages({ done, current }: StoredStages): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const { keep: kept, ...said } = current;
  const addKeep = (k: number, keep: StageOutcome['keep']): void => {
    for (const [name, data] of Object.entries(keep))
      tensors.set(`${k}/${KEEP}/${name}`, { dtype: 'F32', shape: [data.length], data });
  };
  done.forEach(({ outcome: { checkpoints, layout, keep }, replicas }, k) => {
    if (checkpoints.length > 0)
      for (const [name, tensor] of packCheckpoints(checkpoints, layout, replicas))
        tensors.set(`${k}/${CHECKPOINTS}/${name}`, tensor);
    addKeep(k, keep);
  });
  addKeep(current.index, kept);
  const described = done.map(({ outcome, ...rest }) => ({
    ...rest,
    layout: outcome.layout,
    steps: outcome.checkpoints.map(({ step }) => step),
    results: outcome.results,
  }));
  return writeSafetensors(tensors, {
    format: 'pt',
    schema: SCHEMA,
    stages: JSON.stringify(described),
    current: JSON.stringify(said),
  });
}
