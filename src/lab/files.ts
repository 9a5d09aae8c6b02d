/** Named files beside a checkpoint, as bytes in the lab and as array buffers in messages. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** Where chains that follow on a training stand, beside their traces. */
export const CHAINS = 'chains.safetensors';

/** Where the finished stages of a run in stages stand. */
export const STAGES = 'stages.safetensors';

/** Where the files of the run that is being sampled stand, by name. */
export const SOURCE = 'source/';

export function toBuffers(files: Files): Record<string, ArrayBuffer> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, bytes.slice().buffer as ArrayBuffer]),
  );
}

export function fromBuffers(files: Readonly<Record<string, ArrayBuffer>> = {}): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, buffer]) => [name, new Uint8Array(buffer)]),
  );
}
