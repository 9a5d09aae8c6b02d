/** Where a run in stages goes on: inside the stage that a checkpoint is of, or behind the stages whose outcomes still hold. */
import { BadCheckpoint } from '../gpu/errors';
import type { StagedModel } from './experiments/types';
import { fromBuffers, STAGES, type Files } from './files';
import type { RunOptions } from './run-types';
import { readSafetensors } from './safetensors-read';
import type { FinishedStage, StageHistory, StoredStages } from './stages';
import { readStages } from './stages-read';

export interface FoundStages {
  readonly done: readonly FinishedStage[];
  /** The stage behind those, where a checkpoint of it is there. */
  readonly current: {
    readonly checkpoint: Uint8Array;
    readonly history: StageHistory;
    readonly files: Files;
  } | null;
}

/**
 * A stage holds when it and all before it would come out the same (`StagedModel.signature`); the last is always carried out, so that
 * there is a network to look at. Throws `BadCheckpoint`.
 */
export function findEarlier(
  model: StagedModel,
  { earlier, files = {} }: Pick<RunOptions, 'earlier' | 'files'>,
): FoundStages {
  const given = earlier ? fromBuffers(earlier.files) : files;
  const bytes = given[STAGES] as Uint8Array | undefined;
  if (!bytes) {
    if (!earlier) return { done: [], current: null };
    throw new BadCheckpoint({
      asked: `no ${STAGES} beside the checkpoint`,
      limit: 'a run in stages goes on from both',
      remedy: 'Give the whole directory of the run',
    });
  }
  const stored = readStages(bytes);
  const differs = stored.done.findIndex(({ signature }, k) => signature !== model.signature(k + 1));
  const holding = differs < 0 ? stored.done.length : differs;
  const done = stored.done.slice(0, Math.min(holding, model.stages.length - 1));
  const resumes = earlier && isCurrent(model, stored, holding, stageOf(earlier.checkpoint));
  if (!resumes) return { done, current: null };
  const { index, files: names } = stored.current;
  const own = names.filter((name) => Object.hasOwn(given, name));
  return {
    done: stored.done.slice(0, index),
    current: {
      checkpoint: earlier.checkpoint,
      history: stored.current,
      files: Object.fromEntries(own.map((name) => [name, given[name]])),
    },
  };
}

/** Is the checkpoint of the stage that the file takes it for, and is that stage as it was? A kill between two files may part them. */
function isCurrent(
  model: StagedModel,
  { current, done }: StoredStages,
  holding: number,
  stage: number | null,
): boolean {
  const { index, signature } = current;
  return (
    stage === index &&
    index < model.stages.length &&
    index === done.length &&
    holding >= index &&
    signature === model.signature(index + 1)
  );
}

function stageOf(checkpoint: Uint8Array): number | null {
  const { metadata } = readSafetensors(checkpoint);
  try {
    const { stage } = JSON.parse(metadata.get('config') ?? '') as { readonly stage?: unknown };
    return typeof stage === 'number' ? stage : null;
  } catch {
    return null;
  }
}
