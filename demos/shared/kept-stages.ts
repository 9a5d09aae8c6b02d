/**
 * Finished stages of a run in stages, asked of the worker when the next one begins: a run that shares its first stages with the one
 * before goes on from them, and what they came to (weights on the way, masks) can be drawn.
 */
import { STAGES } from '../../src/lab/files';
import type { FinishedStage } from '../../src/lab/stages';
import type { Session } from './session';

export interface KeptStages {
  /** To be handed over when a run is opened; the worker takes from them what still holds. */
  files(): Readonly<Record<string, ArrayBuffer>> | undefined;
  /** Reads the stages that are over, and from now on each that comes to an end: for whoever shows what they hold. */
  read(): Promise<void>;
  /** Stages that are over and were read, in order. */
  done(): readonly FinishedStage[];
  forget(): void;
}

/** `onChange` is called when more of them are over, and when they were read. */
export function keepStages(session: Session, onChange: () => void): KeptStages {
  let bytes: ArrayBuffer | null = null;
  let done: readonly FinishedStage[] = [];
  let wanted = false;

  async function ask(): Promise<void> {
    try {
      const { files } = await session.checkpoint();
      const found = files[STAGES] as ArrayBuffer | undefined;
      if (found === undefined) return;
      bytes = found;
      onChange();
      await readWanted();
    } catch {
      // A run that fails meanwhile says so itself; the next one then trains everything again.
    }
  }

  async function readWanted(): Promise<void> {
    const from = bytes;
    if (from === null || !wanted) return;
    const { readStages } = await import('../../src/lab/stages-read');
    if (from !== bytes) return;
    done = readStages(new Uint8Array(from)).done;
    onChange();
  }

  session.listen((topic) => {
    const { stage, status } = session.state;
    // Chains have no entries; what was trained before them is kept when the first of them begins.
    if (topic === 'stage' && stage !== null && stage.index > 0) void ask();
    if (topic === 'status' && status === 'done' && stage !== null) void ask();
  });

  return {
    files: () => (bytes === null ? undefined : { [STAGES]: bytes }),
    read() {
      wanted = true;
      return readWanted();
    },
    done: () => done,
    forget() {
      bytes = null;
      done = [];
    },
  };
}
