/** The files of the network that `progress-measures` looks at. */
import { existsSync, readFileSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { CHECKPOINTS } from '../../src/lab/collection';
import { findExperiment } from '../../src/lab/experiments';
import { fromBuffers, SOURCE } from '../../src/lab/files';
import { UsageError } from './usage';

const CHECKPOINT = 'checkpoint.safetensors';
/** Networks of addition take a few megabytes, a long series of them a few hundred. */
const MOST_BYTES = 2 ** 30;

/** Has the experiment a field for `--checkpoint`? */
export function readsCheckpoint(config: object): config is { readonly checkpoint: string } {
  return (config as { experiment?: unknown }).experiment === 'progress-measures';
}

/**
 * As the lab reads them: a file, or of a directory the series of checkpoints where there is one and the last checkpoint. Read through
 * once, so that what is wrong with it is said before anything starts. Throws UsageError, BadConfig or BadCheckpoint.
 */
export function readCheckpoint(config: {
  readonly checkpoint: string;
}): Record<string, ArrayBuffer> {
  const { checkpoint } = config;
  if (checkpoint === '')
    throw new UsageError(
      'checkpoint: none given; add --checkpoint with a safetensors file or the directory of a run',
    );
  const found = look(checkpoint).isDirectory()
    ? [CHECKPOINTS, CHECKPOINT].filter((name) => existsSync(join(checkpoint, name)))
    : null;
  if (found?.length === 0)
    throw new UsageError(
      `checkpoint ${checkpoint}: no ${CHECKPOINT} there; give a file or the directory of a run`,
    );
  const files = Object.fromEntries(
    found
      ? found.map((name) => [`${SOURCE}${name}`, read(join(checkpoint, name))])
      : [[`${SOURCE}${CHECKPOINT}`, read(checkpoint)]],
  );
  findExperiment(config).build(config, fromBuffers(files));
  return files;
}

function look(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw new UsageError(`checkpoint ${path}: ${(error as Error).message}`);
  }
}

function read(path: string): ArrayBuffer {
  const { size } = look(path);
  if (size > MOST_BYTES)
    throw new UsageError(
      `checkpoint ${path}: ${size} bytes; at most ${MOST_BYTES} are read, save fewer checkpoints in it`,
    );
  try {
    return new Uint8Array(readFileSync(path)).slice().buffer;
  } catch (error) {
    throw new UsageError(`checkpoint ${path}: ${(error as Error).message}`);
  }
}
