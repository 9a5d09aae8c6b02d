/** What a run is given, what it tells while it goes on, and what may be asked of it. */
import type { Gpu } from '../gpu/open';
import type { Program, ProgramSpec } from '../graph/program';
import type { Checkpoint, Model } from './experiments/types';
import type { Files } from './files';
import type { AdapterRecord, RunEvent, RunRecord } from './record';

export interface RunOptions {
  readonly model: Model;
  readonly runtime: AdapterRecord['runtime'];
  /** A device, or null to compute in float64 on the CPU. Called again after a loss. */
  readonly openDevice: () => Promise<Gpu | null>;
  readonly onUpdate: (update: RunUpdate) => void;
  readonly earlier?: EarlierSession;
  /** What a run in stages may go on from even without a checkpoint: its finished stages. */
  readonly files?: Files;
  /** Milliseconds of device time per submit; 12 unless given. */
  readonly pace?: number;
  readonly tune?: Tuner;
}

/** What is done with a device and the programs it is about to get (src/tune/tune.ts): results keep their bits. */
export type Tuner = (gpu: Gpu, specs: readonly ProgramSpec[]) => Promise<unknown>;

/** What a resumed run starts from. */
export interface EarlierSession {
  readonly checkpoint: Uint8Array;
  readonly csv?: string;
  readonly record?: Pick<RunRecord, 'events' | 'seconds' | 'warnings'>;
  /** What else the session wrote, by name. */
  readonly files?: Readonly<Record<string, ArrayBuffer>>;
}

export type RunUpdate =
  | { readonly type: 'compiling'; readonly ready: number; readonly total: number }
  | { readonly type: 'restoring'; readonly step: number; readonly reason: string }
  | {
      readonly type: 'row';
      readonly step: number;
      readonly values: Readonly<Record<string, readonly number[]>>;
    }
  | { readonly type: 'event'; readonly event: RunEvent }
  /** A stage of a run in stages begins: the networks it trains, as entries of a row and by name. */
  | {
      readonly type: 'stage';
      readonly index: number;
      readonly count: number;
      readonly name: string;
      readonly entries: readonly number[];
      readonly names: readonly string[];
    }
  | {
      readonly type: 'view';
      readonly name: string;
      readonly step: number;
      readonly shape: readonly number[];
      readonly data: Float32Array;
    };

export interface Run {
  readonly model: Model;
  /** Steps a full run takes, those of all stages one after the other; λ̂ through training counts behind training. */
  readonly total: number;
  readonly adapter: AdapterRecord;
  /** Trained scalars per replica. */
  readonly parameters: number;
  /** Device memory; 0 on the CPU. */
  readonly bytes: number;
  readonly program: Program;
  readonly step: number;
  /** Steps per second, smoothed over the last seconds. */
  readonly stepsPerSecond: number;
  /** Runs until `step` or until `stop` is called; resolves with the step reached. Throws `Diverged`, `DeviceLost`. */
  advanceTo(step: number): Promise<number>;
  stop(): void;
  watch(views: readonly string[]): void;
  setPace(milliseconds: number): void;
  checkpoint(): Promise<Uint8Array>;
  /**
   * What belongs to the checkpoint asked for last, if it has not been asked for yet, else to where the run stands: kept
   * checkpoints of training, traces of sampling.
   */
  files(): Promise<Files>;
  /** Parameters kept so far, where the model keeps any. */
  checkpoints(): readonly Checkpoint[];
  /** Puts values measured later into the row of the table at a step. */
  amend(step: number, row: Readonly<Record<string, readonly number[]>>): void;
  record(): RunRecord;
  csv(): string;
  dispose(): void;
}
