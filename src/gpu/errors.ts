/**
 * One error class per cause (DESIGN §6). Every message is one line that says what was asked, what the
 * limit is and what to do: "buffer `theta` of 512 MiB: the adapter allows 256 MiB. Lower replicas to 8."
 * `kind` is a literal, not `constructor.name`, so that it survives minification and a worker boundary.
 */
export interface Complaint {
  /** What was asked for or found, for example `replicas = 4096`. */
  readonly asked: string;
  /** The rule or limit it broke, for example `at most 1024 fit in memory`. */
  readonly limit?: string;
  /** What the reader can do about it, a sentence. */
  readonly remedy?: string;
}

export type ErrorKind =
  | 'GpuUnavailable'
  | 'DeviceLost'
  | 'OutOfMemory'
  | 'LimitExceeded'
  | 'ShapeMismatch'
  | 'Diverged'
  | 'BadConfig'
  | 'BadCheckpoint';

/** "asked: limit. remedy." without doubled full stops; a plain string is the whole message. */
function composeMessage(complaint: Complaint | string): string {
  if (typeof complaint === 'string') return complaint.replace(/\s*[\r\n]+\s*/g, ' ');
  const { asked, limit, remedy } = complaint;
  const trim = (part: string) => part.trim().replace(/\.$/, '');
  const head = limit ? `${trim(asked)}: ${trim(limit)}` : trim(asked);
  const text = remedy ? `${head}. ${trim(remedy)}.` : `${head}.`;
  return text.replace(/\?\.$/, '?').replace(/\s*[\r\n]+\s*/g, ' ');
}

export abstract class CuspError extends Error {
  abstract readonly kind: ErrorKind;

  constructor(complaint: Complaint | string, options?: { readonly cause?: unknown }) {
    super(composeMessage(complaint), options);
  }

  override get name(): string {
    return this.kind;
  }
}

/** No WebGPU, no adapter, or an adapter that refused a device. */
export class GpuUnavailable extends CuspError {
  readonly kind = 'GpuUnavailable';
}

/** The device went away. `reason` is WebGPU's: `destroyed` is ours, `unknown` is not. */
export class DeviceLost extends CuspError {
  readonly kind = 'DeviceLost';
  readonly reason: string;

  constructor(
    reason: string,
    complaint: Complaint | string,
    options?: { readonly cause?: unknown },
  ) {
    super(complaint, options);
    this.reason = reason;
  }
}

/** The device accepted the size but had no memory for it. */
export class OutOfMemory extends CuspError {
  readonly kind = 'OutOfMemory';
}

/** A size, count or time beyond a limit of the adapter or of the engine, found before anything is created. */
export class LimitExceeded extends CuspError {
  readonly kind = 'LimitExceeded';
}

/** Shapes that do not fit together. */
export class ShapeMismatch extends CuspError {
  readonly kind = 'ShapeMismatch';
}

/** A value stopped being finite: first at this step, in this replica. */
export class Diverged extends CuspError {
  readonly kind = 'Diverged';
  readonly step: number;
  readonly replica: number;

  constructor(step: number, replica: number, complaint?: Complaint | string) {
    super(
      complaint ?? {
        asked: `step ${step}, replica ${replica}`,
        limit: 'a value is no longer finite',
        remedy: 'Lower the learning rate or resume from an earlier checkpoint',
      },
    );
    this.step = step;
    this.replica = replica;
  }
}

/** An experiment, a command line or a URL that says something not allowed. `path` is dotted: `optimizer.lr`. */
export class BadConfig extends CuspError {
  readonly kind = 'BadConfig';
  readonly path: string;

  constructor(path: string, complaint: Complaint | string, options?: { readonly cause?: unknown }) {
    const parts = typeof complaint === 'string' ? { asked: complaint } : complaint;
    super(path ? { ...parts, asked: `${path}: ${parts.asked}` } : complaint, options);
    this.path = path;
  }
}

/** A file that can't be read back: damaged, hostile, or of another experiment. */
export class BadCheckpoint extends CuspError {
  readonly kind = 'BadCheckpoint';
}
