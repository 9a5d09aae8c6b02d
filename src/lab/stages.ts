/**
 * Finished stages of a run in stages as one file: the checkpoints they kept and the arrays they leave behind as tensors, their rows, events
 * and results in the metadata; and what belongs to the checkpoint of the stage under way.
 */
import { BadCheckpoint } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { packCheckpoints, unpackCheckpoints } from './collection-file';
import type { StageOutcome } from './experiments/types';
import { STAGES } from './files';
import type { RunEvent } from './record';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors';

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

const SCHEMA = '1';
const CHECKPOINTS = 'checkpoints';
const KEEP = 'keep';

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

interface DescribedStage extends StageHistory {
  readonly replicas: number;
  readonly layout: ParameterLayout;
  readonly steps: readonly number[];
  readonly results: object;
}

/** Throws `BadCheckpoint`. */
export function readStages(bytes: Uint8Array): StoredStages {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.get('schema') !== SCHEMA) refuse(`schema ${metadata.get('schema') ?? 'missing'}`);
  const described = parse<DescribedStage[]>('stages', metadata.get('stages'));
  const current = parse<Omit<StoredStages['current'], 'keep'>>('current', metadata.get('current'));
  const keepOf = (k: number): StageOutcome['keep'] =>
    Object.fromEntries(
      [...under(tensors, `${k}/${KEEP}/`)].map(([name, { data }]) => [
        name,
        Float32Array.from(data),
      ]),
    );
  if (!Array.isArray(described)) refuse('its stages');
  if (!Number.isInteger(current?.index) || !Array.isArray(current.files)) refuse('its last stage');
  const done = described.map(({ layout, steps, results, ...history }, k) => {
    const sized = Array.isArray(layout?.places) && Array.isArray(steps);
    if (!sized || typeof history.signature !== 'string' || !Array.isArray(history.events))
      refuse(`stage ${k}`);
    const own = under(tensors, `${k}/${CHECKPOINTS}/`);
    for (const { name, size } of steps.length > 0 ? layout.places : [])
      if (own.get(name)?.data.length !== steps.length * history.replicas * size)
        refuse(`tensor '${name}' of stage ${k}`);
    const checkpoints = unpackCheckpoints(own, steps, layout, history.replicas);
    return {
      ...history,
      outcome: { layout, checkpoints, keep: keepOf(k), results },
    };
  });
  return { done, current: { ...current, keep: keepOf(current.index) } };
}

/** Those whose names begin so, by the rest of their names. */
function under(tensors: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function parse<T>(what: string, text: string | undefined): T {
  try {
    return JSON.parse(text ?? '') as T;
  } catch {
    return refuse(`its ${what}`);
  }
}

function refuse(what: string): never {
  throw new BadCheckpoint({
    asked: `${STAGES}: ${what}`,
    limit: 'it does not hold the stages of a run that cusp wrote',
    remedy: 'Use another copy or start the run anew',
  });
}
