/** The tickets experiment on a small table: networks, results, what it refuses. */
import { describe, expect, it } from 'vitest';
import { BadConfig } from '../../src/gpu/errors';
import { findPreset, findExperiment } from '../../src/lab/experiments';
import { tickets } from '../../src/lab/experiments/tickets';
import { meanEntropies } from '../../src/interp/entropy';
import { pickModular } from '../../src/lab/experiments/tickets-config';
import { drawTicketMask } from '../../src/lab/experiments/tickets-masks';
import { buildUpdate } from '../../src/lab/experiments/modular-update';
import { traceTickets } from '../../src/lab/experiments/tickets-network';
import { buildNetwork } from '../../src/lab/experiments/modular-network';
import { ticketsPresets } from '../../src/lab/experiments/tickets-presets';
import { openProbe } from '../../src/lab/experiments/tickets-probe';
import { meanTensorNorm } from '../../src/prune/rewind';
import type { TicketsResults } from '../../src/lab/experiments/tickets-results';
import type { StageOutcome, StageTools } from '../../src/lab/experiments/types';
import type { ProgramSpec } from '../../src/graph/program';
import { interpret } from '../../src/graph/reference';
import { initialParameters } from '../../src/graph/layout';
import { startRun, type Run, type RunUpdate } from '../../src/lab/run';
import { toBuffers } from '../../src/lab/files';
import type { FromWorker, ToWorker } from '../../src/lab/protocol';
import { createSession } from '../../src/lab/session';
import { startWhole } from '../../src/lab/run-whole';

const METHODS = [
  'dense',
  'magnitude',
  'magnitude-layerwise',
  'iterative',
  'snip',
  'grasp',
  'synflow',
  'synflow-100',
  'random',
  'magnitude-at-init',
] as const;

const raw = {
  schema: 1,
  experiment: 'tickets',
  data: { modulus: 11, fraction: 0.6 },
  network: { width: 12, hidden: 6 },
  optimizer: { lr: 0.01 },
  base: { steps: 30, keepEvery: 10 },
  steps: 10,
  evaluateEvery: 5,
};

const parsed = (more: object) => tickets.parse({ ...raw, ...more });
const cpu = { runtime: 'cpu', openDevice: () => Promise.resolve(null) } as const;

async function start(more: object): Promise<{ run: Run; updates: RunUpdate[] }> {
  const updates: RunUpdate[] = [];
  const model = tickets.build(parsed(more));
  const onUpdate = (update: RunUpdate): void => void updates.push(update);
  return { run: await startWhole({ model, onUpdate, ...cpu }), updates };
}

async function finish(more: object) {
  const started = await start(more);
  await started.run.advanceTo(started.run.total);
  return { ...started, results: started.run.record().results as TicketsResults };
}

describe('a tickets run', () => {
  it('trains every method side by side and says what became of each', async () => {
    const variants = METHODS.map((method) => ({ method, rounds: 2 }));
    const { run, results, updates } = await finish({ variants });
    expect(results.base).toMatchObject({ name: 'base', taken: 30 });
    expect(results.variants.map(({ name }) => name)).toEqual([
      'dense',
      ...METHODS.slice(1).map((method) => `${method} 0.6`),
    ]);
    const count = run.parameters;
    for (const { method, taken, density, entropy, testAccuracy, scale } of results.variants) {
      expect(taken).toBe(10);
      expect(scale).toBeNull();
      expect(testAccuracy).toBeGreaterThanOrEqual(0);
      expect(entropy.steps).toEqual([0, 5, 10]);
      expect(entropy.out).toHaveLength(3);
      if (method === 'dense') expect(density?.all).toBe(1);
      else if (method !== 'magnitude-layerwise')
        expect(density?.all).toBe((count - Math.round(0.6 * count)) / count);
      const layers = Object.values(density!.tensors);
      if (method === 'magnitude-layerwise')
        for (const one of layers) expect(one).toBeCloseTo(0.4, 1);
    }
    const stages = updates.flatMap((one) => (one.type === 'stage' ? [one.name] : []));
    expect(stages).toEqual(['base', 'round 1', 'tickets']);
    const masks = updates.flatMap((one) =>
      one.type === 'view' && one.name === 'masks' ? [one] : [],
    );
    expect(masks.at(-1)!.shape).toEqual([10, run.program.layout.stride]);
    expect(run.csv().split('\n')[0]).toContain('entropy_in_code.11');
  });

  it('gives each ticket what it would get alone', async () => {
    const one = { method: 'magnitude', pruned: 0.5, weightDecay: 0 };
    const two = { method: 'snip', pruned: 0.7, rewindStep: 10 };
    const both = await finish({ variants: [one, two] });
    const alone = await Promise.all([one, two].map((v) => finish({ variants: [v] })));
    alone.forEach(({ results }, k) =>
      expect(results.variants[0]).toEqual(both.results.variants[k]),
    );
    expect(both.results.variants[0].testLoss).not.toBe(both.results.variants[1].testLoss);
  });

  it('repeats the base where nothing is pruned', async () => {
    const { run, results } = await finish({ variants: [{ method: 'dense', steps: 30 }] });
    const columns = run.csv().split('\n')[0].split(',');
    const at = (name: string): number => columns.indexOf(name);
    for (const row of run.csv().trim().split('\n').slice(1)) {
      const cells = row.split(',').map(Number);
      expect(cells[at('test_loss.1')]).toBeCloseTo(cells[at('test_loss.0')], 4);
    }
    expect(results.variants[0].steps).toEqual(results.base.steps);
  });

  it('scales a dense network to the norm of its ticket', async () => {
    const variants = [
      { method: 'dense', start: 'scaled-l1' },
      { method: 'dense', start: 'scaled-l2' },
      { method: 'magnitude', start: 'reinitialise' },
    ];
    const { results } = await finish({ variants });
    const [l1, l2, again] = results.variants;
    expect(l1.scale).toBeGreaterThan(0.2);
    expect(l2.scale).toBeGreaterThan(l1.scale!);
    expect(l2.scale).toBeLessThan(1);
    expect(l1.density?.all).toBe(1);
    expect(again.density?.all).toBeCloseTo(0.4, 2);
    expect(results.variants.map(({ name }) => name)).toEqual([
      'scaled-l1 0.6',
      'scaled-l2 0.6',
      'magnitude 0.6 reinitialised',
    ]);
  });

  it('trains tickets of unlike lengths apart, and a transformer as well', async () => {
    const network = {
      kind: 'transformer',
      width: 8,
      hidden: 8,
      heads: 1,
      biases: 'none',
      positions: false,
      equals: false,
    };
    const variants = [{ steps: 15 }, { method: 'random' }, { sourceStep: 20, steps: 15 }];
    const { results, updates } = await finish({ variants, network });
    const stages = updates.flatMap((one) => (one.type === 'stage' ? [one.entries] : []));
    expect(stages).toEqual([[0], [2], [1, 3]]);
    expect(results.variants.map(({ taken }) => taken)).toEqual([15, 10, 15]);
    expect(results.base.entropy.steps).toEqual([]);
  });

  it('estimates λ̂ of each network with what is pruned held', async () => {
    const llc = { chains: 2, draws: 6, burnin: 2, lr: 1e-5, localization: 10 };
    const { results, run } = await finish({ variants: [{}], llc });
    expect(run.step).toBe(run.total);
    for (const { llc: found } of [results.base, ...results.variants])
      expect(found).toMatchObject({ perChain: [expect.any(Number), expect.any(Number)] });
  });

  it('goes on where it stopped, and trains the base once for other tickets', async () => {
    const first = await start({ variants: [{}] });
    await first.run.advanceTo(35);
    const files = await first.run.files();
    const model = tickets.build(parsed({ variants: [{ pruned: 0.5 }] }));
    const second = await startWhole({ model, files, onUpdate: () => undefined, ...cpu });
    expect(second.step).toBe(30);
    const other = tickets.build(parsed({ variants: [{ sourceStep: 13 }] }));
    expect(
      (await startWhole({ model: other, files, onUpdate: () => undefined, ...cpu })).step,
    ).toBe(0);
  });
});

describe('a session', () => {
  it('tells of stages and takes up finished ones without a checkpoint', async () => {
    const talk = async (messages: readonly ToWorker[], until: string): Promise<FromWorker[]> => {
      const said: FromWorker[] = [];
      await new Promise<void>((resolve) => {
        const send = (message: FromWorker): void => {
          said.push(message);
          if (message.type === until || message.type === 'error') resolve();
        };
        const session = createSession({ runtime: 'node', send });
        for (const message of messages) session(message);
      });
      return said;
    };
    const config = { ...raw, variants: [{}] };
    const { run } = await start({ variants: [{}] });
    await run.advanceTo(33);
    const files = toBuffers(await run.files());
    const other = { ...config, variants: [{ pruned: 0.3 }, { method: 'random' }] };
    const open: ToWorker = { type: 'open', config: other, files, cpu: true };
    const opened = await talk([open], 'opened');
    expect(opened.find(({ type }) => type === 'stage')).toEqual({
      type: 'stage',
      index: 1,
      count: 2,
      name: 'tickets',
      entries: [1, 2],
      names: ['magnitude 0.3', 'random 0.6'],
    });
    const said = await talk([open, { type: 'step', count: 3 }, { type: 'record' }], 'record');
    // What belongs to this run comes behind `opened`: the masks, and the rows of the base that was not trained again.
    const behind = said.slice(said.findIndex(({ type }) => type === 'opened'));
    const views = behind.flatMap((one) => (one.type === 'view' ? [one.name] : []));
    expect(views).toContain('masks');
    const early = behind.slice(
      0,
      behind.findIndex((one) => one.type === 'status' && one.status === 'ready'),
    );
    const taken = early.flatMap((one) => (one.type === 'metrics' ? one.steps : []));
    expect(taken).toEqual([0, 5, 10, 15, 20, 25, 30]);
    const answer = said.find((message) => message.type === 'record')!;
    const rows = answer.csv.trim().split('\n');
    expect(rows.find((row) => row.startsWith('30,'))).toMatch(/^30,[\d.]+,,,/);
  });
});

describe('masks of tickets', () => {
  it('come from the weights at the source, ranked over all tensors', async () => {
    const config = pickModular(parsed({}), 30);
    const model = traceTickets(
      config,
      { buildNetwork, buildUpdate },
      {
        replicas: 1,
        weightDecay: [1],
        checkpointEvery: 10,
      },
    );
    const run = await startRun({ model, onUpdate: () => undefined, ...cpu });
    await run.advanceTo(30);
    const { layout } = run.program;
    const base: StageOutcome = { layout, checkpoints: run.checkpoints(), keep: {}, results: {} };
    const [ticket] = (await planOf({ variants: [{ pruned: 0.25, sourceStep: 20 }] })).tickets;
    const weights = base.checkpoints.find(({ step }) => step === 20)!.parameters;
    const source = {
      layout,
      weightsAt: (step: number) => base.checkpoints.find((one) => one.step === step)!.parameters,
      before: null,
      probe: () => Promise.reject(new Error('not needed')),
      seed: 0,
    };
    const mask = (await drawTicketMask(ticket, source))!.mask;
    const kept = [...weights].filter((_, k) => mask[k] === 1).map(Math.abs);
    const gone = [...weights].filter((w, k) => mask[k] === 0 && w !== 0).map(Math.abs);
    expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(...gone));
    expect(kept).toHaveLength(layout.count - Math.round(0.25 * layout.count));
    expect(meanTensorNorm(weights, layout, 1)).toBeGreaterThan(meanTensorNorm(weights, layout, 2));
  });

  it('ask a probe whose gradients are the slopes of the loss', async () => {
    const open = async (activation: string) => {
      const network = { ...raw.network, activation };
      const interpreted = { open: (spec: ProgramSpec) => Promise.resolve(interpret(spec)) };
      return openProbe(
        pickModular(parsed({ network }), 30),
        buildNetwork,
        interpreted as StageTools,
      );
    };
    // Smooth: across the kink of a ReLU a difference is no derivative.
    const probe = await open('gelu');
    const { layout } = probe;
    const theta = initialParameters(layout, [[0, 0]]);
    const direction = theta.map((_, k) => Math.sin(k));
    const product = await probe.hessianProduct(theta, direction);
    const shift = (by: number): Float32Array => theta.map((w, k) => w + by * direction[k]);
    const [ahead, behind] = [
      await probe.gradients('tempered', shift(0.01)),
      await probe.gradients('tempered', shift(-0.01)),
    ];
    const slope = ahead.map((g, k) => (g - behind[k]) / 0.02);
    const norm = Math.sqrt(slope.reduce((sum, one) => sum + one * one, 0));
    const error = Math.sqrt(slope.reduce((sum, one, k) => sum + (one - product[k]) ** 2, 0));
    expect(error / norm).toBeLessThan(0.02);
    // The summed output is linear in each matrix: Σ θ·∂R/∂θ is the same for all four of them.
    const linear = await open('relu');
    const flow = await linear.gradients('flow', theta);
    const shares = layout.places.map(({ offset, size }) => {
      let sum = 0;
      for (let k = offset; k < offset + size; k++) sum += Math.abs(theta[k]) * flow[k];
      return sum;
    });
    for (const share of shares) expect(share / shares[0]).toBeCloseTo(1, 4);
    probe.dispose();
    linear.dispose();
  });
});

async function planOf(more: object) {
  const { planTickets } = await import('../../src/lab/experiments/tickets-plan');
  return planTickets(parsed(more), 0);
}

describe('entropies of spectra', () => {
  it('are 0 for one frequency and ln K for all alike', () => {
    expect(meanEntropies([0, 3, 0, 0], 4).shannon).toBe(0);
    expect(meanEntropies([2, 2, 2, 2, 0, 0, 0, 0], 4).shannon).toBeCloseTo(Math.log(4), 12);
    // Alike in the first three, the shares are 1/3 and so is their softmax.
    expect(meanEntropies([1, 1, 1, 1], 4).code).toBeCloseTo(Math.log(3), 12);
    // One frequency: −log softmax(1, 0, 0) of the first.
    expect(meanEntropies([1, 0, 0, 0], 4).code).toBeCloseTo(Math.log(Math.E + 2) - 1, 12);
  });
});

describe('what a tickets configuration must keep to', () => {
  const refused: readonly (readonly [object, string])[] = [
    [{ variants: [{}, { sourceStep: 31 }] }, 'variants.1.sourceStep'],
    [{ variants: [{ rewindStep: 31 }] }, 'variants.0.rewindStep'],
    [{ variants: [{ sourceStep: 10, rewindStep: 20 }] }, 'variants.0.rewindStep'],
    [{ variants: [{ pruned: 0 }] }, 'variants.0.pruned'],
    [{ variants: [{ method: 'dense', start: 'scaled-l1', pruned: 0 }] }, 'variants.0.pruned'],
    [{ variants: [{ method: 'iterative', start: 'scaled-l2' }] }, 'variants.0.start'],
    [
      { variants: [{ method: 'iterative', sourceStep: 10, rewindStep: 10 }] },
      'variants.0.rewindStep',
    ],
    [{ variants: [{ name: 'a' }, { name: 'a' }] }, 'variants.1.name'],
    [{ variants: [{ name: 'base' }] }, 'variants.0.name'],
    [{ variants: [{}], optimizer: { schedule: 'linear', warmup: 20 } }, 'optimizer.warmup'],
  ];
  it.each(refused)('%j is refused at %s', (more, path) => {
    let found: unknown;
    try {
      tickets.build(parsed(more));
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(BadConfig);
    expect((found as BadConfig).path).toBe(path);
  });

  it('names what it was not given a name for, and no two alike', async () => {
    const { entries } = await planOf({
      variants: [
        {},
        {},
        { sourceStep: 20, rewindStep: 5 },
        { weightDecay: 0 },
        { name: 'mine' },
        { method: 'iterative', rounds: 3 },
      ],
    });
    expect(entries).toEqual([
      'base',
      'magnitude 0.6',
      'magnitude 0.6 (2)',
      'magnitude 0.6 from step 20 rewound to 5',
      'magnitude 0.6 without decay',
      'mine',
      'iterative 0.6',
      'iterative 0.6, round 1',
      'iterative 0.6, round 2',
    ]);
  });
});

describe('tickets presets', () => {
  it.each(ticketsPresets.map(({ name }) => name))('%s can be built', (name) => {
    const { config } = findPreset(name);
    const { parse, build } = findExperiment(config);
    const model = build(parse(config));
    expect('staged' in model && model.stages.length).toBeGreaterThanOrEqual(2);
  });
});
