/** `lab run --export transformer-lens`: the trained or measured network under TransformerLens' names, beside the run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExperiment } from '../../src/lab/experiments';
import type { ModularConfig } from '../../src/lab/experiments/modular-schema';
import {
  checkExportable,
  exportTransformerLens,
  TRANSFORMER_LENS,
} from '../../src/lab/experiments/progress-export';
import { progressSchema, type ProgressConfig } from '../../src/lab/experiments/progress-schema';
import { readMeasured } from '../../src/lab/experiments/progress-source';
import { fromBuffers, SOURCE, type Files } from '../../src/lab/files';
import { parse } from '../../src/lab/schema';
import { UsageError } from './usage';

const FORMATS = ['transformer-lens'];
const CHECKPOINT = 'checkpoint.safetensors';

/** Writes the export into the run directory once the run has left its files there; returns the names. */
export type Export = () => readonly string[];

/** Checked before the run: null where none is asked for. Throws UsageError, BadConfig or BadCheckpoint. */
export function planExport(
  format: string | undefined,
  config: object,
  source: Readonly<Record<string, ArrayBuffer>>,
  directory: string | undefined,
): Export | null {
  if (format === undefined) return null;
  if (!FORMATS.includes(format))
    throw new UsageError(`--export ${format}: must be ${FORMATS.join(' or ')}`);
  if (directory === undefined)
    throw new UsageError(`--export ${format}: needs --out, the directory to write to`);
  const { name } = findExperiment(config);
  if (name === 'progress-measures') {
    const bytes = exportTransformerLens(
      readMeasured(config as ProgressConfig, fromBuffers(source)),
    );
    return () => [write(directory, TRANSFORMER_LENS, bytes)];
  }
  if (name === 'modular-addition') {
    checkExportable(config as ModularConfig);
    return () => exportRun(directory, config as ModularConfig);
  }
  throw new UsageError(
    `--export ${format}: ${name} leaves no network of one kind; export runs of modular-addition, or progress-measures --checkpoint`,
  );
}

/** The last checkpoint of a training; a file a replica where there are several. */
function exportRun(directory: string, { replicas }: ModularConfig): readonly string[] {
  const bytes = new Uint8Array(readFileSync(join(directory, CHECKPOINT)));
  const files: Files = { [`${SOURCE}${CHECKPOINT}`]: bytes };
  return Array.from({ length: replicas }, (_, replica) => {
    const config = parse(progressSchema, { replica });
    const name = replicas === 1 ? TRANSFORMER_LENS : TRANSFORMER_LENS.replace(/\./, `.${replica}.`);
    return write(directory, name, exportTransformerLens(readMeasured(config, files)));
  });
}

function write(directory: string, name: string, bytes: Uint8Array): string {
  writeFileSync(join(directory, name), bytes);
  return name;
}
