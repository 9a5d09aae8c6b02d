/**
 * The networks that are measured: weights of one checkpoint or of a series, by our names or by TransformerLens', with the
 * configuration they were trained with where the file has it, else with the one that their shapes tell.
 */
import { modularArithmetic, type ModularData } from '../../data/modular';
import { BadCheckpoint, BadConfig, CuspError } from '../../gpu/errors';
import { CHECKPOINTS } from '../collection';
import { SOURCE, type Files } from '../files';
import { readSafetensors } from '../safetensors-read';
import { parse } from '../schema';
import { isTransformerLens, readTransformerLens } from '../transformer-lens';
import { findRule } from '../transformer-lens-names';
import type { Weights } from '../weights';
import { seedOf, splitData } from './modular-parts';
import { modularSchema, type ModularConfig } from './modular-schema';
import { inferNetwork } from './progress-infer';
import type { ProgressConfig } from './progress-schema';
import { readOwnNames, splitSeries, TRAIN_INDICES, type Moment } from './progress-series';
import { readTrainIndices } from './progress-split';

export interface MeasuredSource {
  readonly names: 'cusp' | 'transformer-lens';
  /** Of the one network measured: one replica, with the seed it had. */
  readonly config: ModularConfig;
  /** The same as the file has it; null where it does not say. */
  readonly said: ModularConfig | null;
  readonly split: ModularData;
  /** Where the split is known from: the file, or the configuration of this experiment, which need not be the one trained on. */
  readonly splitFrom: 'file' | 'configuration';
  readonly checkpoints: readonly { readonly step: number; readonly weights: Weights }[];
  /** The file's name of one of our parameters. */
  readonly nameOf: (name: string) => string;
  readonly warnings: readonly string[];
}

/** Throws BadConfig or BadCheckpoint naming what is missing or does not fit. */
export function readMeasured(config: ProgressConfig, files: Files): MeasuredSource {
  const bytes = files[`${SOURCE}${CHECKPOINTS}`] ?? files[`${SOURCE}checkpoint.safetensors`];
  if (!bytes) {
    throw new BadConfig('checkpoint', {
      asked: 'no checkpoint was given',
      limit: 'progress measures are of a trained network',
      remedy: 'Give --checkpoint with a safetensors file or the directory of a run',
    });
  }
  const { tensors, metadata, converted } = readSafetensors(bytes, { convert: true });
  const foreign = isTransformerLens(tensors);
  const warnings: string[] = [];
  if ([...converted.values()].includes('F64')) warnings.push('weights of F64 were rounded to F32');
  const moments = splitSeries(tensors, metadata, config.replica);
  const read = moments.map((moment) => (foreign ? readForeign(moment) : readOwn(moment)));
  const { buffers, heads } = read[0];
  if (buffers.length > 0)
    warnings.push(
      `${buffers.join(', ')}: no weights, left out (the mask follows from network.causal)`,
    );
  const checkpoints = read.map(({ step, weights }) => ({ step, weights }));

  const said = readConfig(metadata.get('config'), foreign, config.replica);
  if (said && config.network) {
    throw new BadConfig('network', {
      asked: 'given',
      limit: 'the checkpoint says itself what its network is',
      remedy: 'Leave it out',
    });
  }
  const base = said ?? inferConfig(checkpoints.at(-1)!.weights, config, heads, warnings);
  const given = tensors.get(TRAIN_INDICES);
  const split = given
    ? readTrainIndices(given, base.data.modulus)
    : said && !config.data
      ? splitData(base)[0]
      : modularArithmetic({ ...base.data, ...splitOptions(config), seed: config.seed });
  const splitFrom = given || (said && !config.data) ? 'file' : 'configuration';
  if (splitFrom === 'configuration') warnings.push(splitWarning(config, said !== null));
  return {
    names: foreign ? 'transformer-lens' : 'cusp',
    config: base,
    said,
    split,
    splitFrom,
    checkpoints,
    nameOf: (name) => (foreign ? (findRule(name, 'ours')?.theirs ?? name) : name),
    warnings,
  };
}

interface ReadMoment {
  readonly step: number;
  readonly weights: Weights;
  readonly buffers: readonly string[];
  /** Null where only the configuration can tell. */
  readonly heads: number | null;
}

function readForeign({ step, tensors }: Moment): ReadMoment {
  return { step, ...readTransformerLens(tensors) };
}

function readOwn({ step, tensors }: Moment): ReadMoment {
  return { step, weights: readOwnNames(tensors), buffers: [], heads: null };
}

/** The configuration in the file's metadata, of one replica alone; null where there is none of ours. */
function readConfig(
  text: string | undefined,
  foreign: boolean,
  replica: number,
): ModularConfig | null {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return null;
  }
  const kind = (value as { experiment?: unknown } | null)?.experiment;
  if (typeof kind !== 'string') return null;
  if (kind !== 'modular-addition') {
    if (foreign) return null;
    throw new BadCheckpoint({
      asked: `checkpoint of an experiment of kind ${JSON.stringify(kind.slice(0, 40))}`,
      limit: 'progress measures are of networks of modular-addition',
      remedy: 'Give the checkpoint of such a run',
    });
  }
  try {
    const said = parse(modularSchema, value) as ModularConfig;
    return { ...said, seed: seedOf(said, replica), replicas: 1, measures: null, llc: null };
  } catch (error) {
    if (!(error instanceof CuspError)) throw error;
    throw new BadCheckpoint(
      { asked: `configuration in the checkpoint: ${error.message}` },
      { cause: error },
    );
  }
}

function inferConfig(
  weights: Weights,
  config: ProgressConfig,
  heads: number | null,
  warnings: string[],
): ModularConfig {
  const { activation = 'relu', causal = true, heads: named = 4 } = config.network ?? {};
  const { modulus, network } = inferNetwork(weights, { activation, causal, heads: heads ?? named });
  if (!config.network) {
    const mask = network['kind'] === 'transformer' ? ', with a causal mask' : '';
    const shared = network['kind'] === 'transformer' && heads === null ? `, of ${named} heads` : '';
    warnings.push(`the file does not say: read as a ReLU network${mask}${shared} (network.…)`);
  }
  return parse(modularSchema, {
    schema: 1,
    experiment: 'modular-addition',
    seed: config.seed,
    data: { modulus, ...splitOptions(config) },
    network,
  }) as ModularConfig;
}

function splitOptions({ data }: ProgressConfig) {
  return data ?? ({ fraction: 0.3, pairs: 'ordered' } as const);
}

function splitWarning(config: ProgressConfig, overruled: boolean): string {
  const { fraction, pairs } = splitOptions(config);
  const named = `train and test are ${fraction} of the ${pairs} pairs by seed ${config.seed} and the rest`;
  return overruled
    ? `${named}, not the split of the training; trust what is measured on all pairs`
    : `the file does not say which pairs were trained on: ${named}; trust what is measured on all pairs`;
}
