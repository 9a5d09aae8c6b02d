/** The visitor's own grokking run, kept in this browser by the grokking page, as files for the experiment. */
import { findSource, type KeptSource } from '../shared/kept';
import type { Columns } from '../shared/series';

export interface Source {
  readonly description: string;
  readonly files: Readonly<Record<string, ArrayBuffer>>;
  readonly columns: Columns;
}

export async function findOwnRun(): Promise<Source | null> {
  const kept = await findSource('grokking');
  return kept === null ? null : sourceOf(kept);
}

function sourceOf({ description, record, columns, checkpoints }: KeptSource): Source {
  const text = new TextEncoder().encode(JSON.stringify(record));
  return {
    description,
    files: { 'source/run.json': text.buffer, 'source/checkpoints.safetensors': checkpoints },
    columns,
  };
}
