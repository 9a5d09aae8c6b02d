/**
 * What a visitor waits for before the first step, by preset: a device, the model traced and compiled on it, the first step run. Each
 * row begins with nothing and goes one stage further. The browser keeps compiled kernels, so this is a start for the second
 * time; the very first one, when nothing was warm, stands below the table.
 */
import { openGpu } from '../src/gpu/open';
import type { Gpu } from '../src/gpu/open';
import { findExperiment, findPreset } from '../src/lab/experiments';
import { startRun } from '../src/lab/run';
import { formatSeconds } from './table';
import type { Bench, Contender, Row } from './types';

const presets = ['modular-addition.quick', 'modular-addition.transformer', 'llc.normal-crossing'];
/** Metrics after the first step, relative to the larger of their size and 1. */
const TOLERANCE = 1e-3;

const STAGES = ['to a device', 'to the compiled program', 'to the first step'] as const;

/** Seconds of the very first start of a preset, filled in while it is checked. */
const cold = new Map<string, number>();

export const benches: readonly Bench[] = presets.map((preset) => ({
  name: `start/${preset}`,
  title: `from nothing to the first step of ${preset}`,
  unit: 'starts',
  sweep: true,
  contenders: async ({ source }) => {
    const open = (): Promise<Gpu> => openGpu({ gpu: source });
    // The whole way first, so that its check meets a device on which nothing was compiled yet.
    return [...STAGES].reverse().map((name) => enter(open, preset, name));
  },
  conclude: (rows) => concludeStages(rows, preset),
}));

function enter(open: () => Promise<Gpu>, preset: string, name: (typeof STAGES)[number]): Contender {
  return {
    name,
    async prepare() {
      return {
        async check() {
          if (name !== STAGES[2]) return;
          const begun = performance.now();
          const found = await start(open, preset, name);
          if (!cold.has(preset)) cold.set(preset, (performance.now() - begun) / 1000);
          compareRows(found, await start(async () => null, preset, name));
        },
        async run(n) {
          for (let k = 0; k < n; k++) await start(open, preset, name);
        },
        dispose() {},
      };
    },
  };
}

type Rows = ArrayLike<number>;

/** As far as the stage, in the way of a page; what the first step recorded, where one was taken. */
async function start(
  open: () => Promise<Gpu | null>,
  preset: string,
  stage: (typeof STAGES)[number],
): Promise<Rows> {
  let gpu: Gpu | null = null;
  const openDevice = async (): Promise<Gpu | null> => (gpu = await open());
  try {
    if (stage === STAGES[0]) {
      await openDevice();
      return [];
    }
    const { config } = findPreset(preset);
    const { parse, build } = findExperiment(config);
    const model = build(parse(config));
    if ('staged' in model) throw new Error(`${preset} is a run in stages`);
    const run = await startRun({
      ...{ model, runtime: 'chrome', openDevice },
      onUpdate: () => undefined,
    });
    const rows = stage === STAGES[2] ? (await run.program.advance(1)).rows : [];
    run.dispose();
    return rows;
  } finally {
    (gpu as Gpu | null)?.close();
  }
}

function compareRows(found: Rows, right: Rows): void {
  for (let k = 0; k < right.length; k++) {
    if (Math.abs(found[k] - right[k]) <= TOLERANCE * Math.max(1, Math.abs(right[k]))) continue;
    throw new Error(`value ${k} of the first step is ${found[k]}, in float64 it is ${right[k]}`);
  }
}

/** What each stage adds to the one before, and the start when nothing was warm. */
function concludeStages(rows: readonly Row[], preset: string): string[] {
  const [device, compiled, stepped] = STAGES.map(
    (name) => rows.find(({ contender }) => contender === name)?.seconds?.median,
  );
  if (device === undefined || compiled === undefined || stepped === undefined) return [];
  const parts = [
    `device ${formatSeconds(device)}`,
    `tracing and compiling ${formatSeconds(Math.max(0, compiled - device))}`,
    `first step ${formatSeconds(Math.max(0, stepped - compiled))}`,
  ];
  const first = cold.get(preset);
  return [
    parts.join(', '),
    ...(first === undefined ? [] : [`the very first start took ${formatSeconds(first)}`]),
  ];
}
