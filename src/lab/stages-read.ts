/** Reads the file of stages.ts. */
import { BadCheckpoint } from '../gpu/errors';
import type { ParameterLayout } from '../graph/layout';
import { unpackCheckpoints } from './collection-read';
import type { StageOutcome } from './experiments/types';
import { STAGES } from './files';
import type { Tensor } from './safetensors';
import { readSafetensors } from './safetensors-read';
import { CHECKPOINTS, KEEP, SCHEMA, type StageHistory, type StoredStages } from './stages';

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
