/** The page behind the `chrome` runtime: passes messages between the command line and the training worker. */
import { openGpu } from '../../../src/gpu/open';
import { describeDevice, type DeviceDescription } from '../describe';
import {
  runChecks,
  type CheckOptions,
  type CheckRow,
  type CheckSummary,
} from '../../../src/lab/check';
import { fromBase64, readFiles, toBase64, writeFiles } from '../base64';
import type { FromWorker, ToWorker } from '../../../src/lab/protocol';

/** A message as puppeteer carries it: JSON, with bytes in base64. */
export type Wire<M> = M & {
  readonly checkpoint64?: string;
  readonly bytes64?: string;
  readonly files64?: Readonly<Record<string, string>>;
};

declare global {
  var lab: {
    start(): void;
    post(message: Wire<ToWorker>): void;
    check(options: CheckOptions): Promise<CheckSummary>;
    describe(): Promise<DeviceDescription>;
  };
  /** Given by the command line. */
  var receiveMessage: (message: Wire<FromWorker>) => Promise<void>;
  var receiveRow: (row: CheckRow) => Promise<void>;
}

let worker: Worker | null = null;

globalThis.lab = {
  start() {
    worker = new Worker(new URL('../../../src/lab/worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type !== 'checkpoint') return void receiveMessage(data);
      const { bytes, files, ...rest } = data;
      void receiveMessage({
        ...rest,
        bytes: new ArrayBuffer(0),
        bytes64: toBase64(new Uint8Array(bytes)),
        files: {},
        files64: writeFiles(files),
      });
    };
    worker.onerror = ({ message }) =>
      void receiveMessage({ type: 'error', kind: 'Error', message: `worker: ${message}` });
  },
  post({ checkpoint64, files64, ...message }) {
    if (message.type !== 'open') return worker?.postMessage(message);
    const checkpoint = checkpoint64 ? { checkpoint: fromBase64(checkpoint64).buffer } : {};
    worker?.postMessage({ ...message, ...checkpoint, files: readFiles(files64) });
  },
  async check(options) {
    const gpu = await openGpu();
    try {
      return await runChecks(gpu, (row) => void receiveRow(row), options);
    } finally {
      gpu.close();
    }
  },
  async describe() {
    const gpu = await openGpu();
    try {
      return describeDevice(gpu);
    } finally {
      gpu.close();
    }
  },
};
