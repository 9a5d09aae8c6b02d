/**
 * A test double of the worker for the page of the learning coefficient. Two-parameter polynomials it really samples, by
 * SGLD with numbers of its own, so that pictures have the right look; all else gets made-up numbers. No result of it is
 * ever shown outside tests. Types only are imported. The seed chooses the story: 13 has lost chains, 14 loses its device
 * once, 15 has no GPU, 16 fails to open.
 */
import type { LlcConfig } from '../../src/lab/experiments/llc-schema';
import type { LlcDiagnostics, LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import type { FromWorker, ToWorker } from '../../src/lab/protocol';

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
};
const send = (message: FromWorker): void => scope.postMessage(message);

interface Group {
  lr: number;
  localization: number;
  nbeta: number;
  point: number;
  label: string;
  step: number | null;
  chains: Float64Array[];
  /** Per draw the excess of each chain. */
  excess: number[][];
  past: number[][][];
}

let config: LlcConfig | null = null;
let groups: Group[] = [];
let step = 0;
let total = 0;
let until = 0;
let watched: readonly string[] = [];
let running = false;
let lost = false;
let word = 1;

/** Uniform on (0, 1). */
function uniform(): number {
  word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
  return (word + 0.5) / 2 ** 32;
}
const normal = (): number =>
  Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

const terms = (): readonly { coefficient: number; powers: readonly number[] }[] =>
  config?.target.kind === 'potential'
    ? config.target.terms
    : [
        { coefficient: 0.5, powers: [2, 0] },
        { coefficient: 1, powers: [0, 2] },
      ];

function level(w: Float64Array): number {
  return terms().reduce(
    (sum, { coefficient, powers }) =>
      sum + coefficient * powers.reduce((product, power, i) => product * (w[i] ?? 0) ** power, 1),
    0,
  );
}

function slope(w: Float64Array, i: number): number {
  const h = 1e-5;
  const [up, down] = [w.slice(), w.slice()];
  up[i] = (up[i] ?? 0) + h;
  down[i] = (down[i] ?? 0) - h;
  return (level(up) - level(down)) / (2 * h);
}

function open(raw: LlcConfig): void {
  config = raw;
  const { sampler, sweep, target } = raw;
  const or = <T>(list: readonly T[], one: T): readonly T[] => (list.length > 0 ? list : [one]);
  const nbetas = or(sweep.nbeta, sampler.nbeta).map((value) =>
    typeof value === 'number' ? value : 180,
  );
  const points = target.kind === 'run' ? 6 : target.kind === 'relu' ? target.rescale.length : 1;
  groups = [];
  for (let point = 0; point < points; point++) {
    for (const lr of or(sweep.lr, sampler.lr)) {
      for (const localization of or(sweep.localization, sampler.localization)) {
        for (const nbeta of nbetas) {
          groups.push({
            lr,
            localization,
            nbeta,
            point,
            label: target.kind === 'relu' ? `× ${target.rescale[point] ?? 1}` : '',
            step: target.kind === 'run' ? point * 400 : null,
            chains: Array.from({ length: sampler.chains }, () => new Float64Array(2)),
            excess: [],
            past: [],
          });
        }
      }
    }
  }
  step = 0;
  word = raw.seed + 1;
  total = sampler.burnin + sampler.draws * sampler.thin;
}

function draw(): void {
  for (const group of groups) {
    const { nbeta, localization } = group;
    const lr = Math.min(group.lr, 0.3 / (nbeta + localization));
    for (const w of group.chains) {
      for (let small = 0; small < 4; small++) {
        for (let i = 0; i < 2; i++) {
          const drift = nbeta * slope(w, i) + localization * (w[i] ?? 0);
          w[i] = (w[i] ?? 0) - (lr / 2) * drift + Math.sqrt(lr) * normal();
        }
      }
    }
    group.excess.push(group.chains.map(level));
    group.past.push(group.chains.slice(0, 16).map((w) => [...w]));
    if (group.past.length > 400) group.past.shift();
  }
}

function estimate(group: Group): { mean: number; error: number | null; perChain: number[] } {
  const rows = group.excess.slice(config?.sampler.burnin ?? 0);
  const own = group.chains.map(
    (_, chain) =>
      (group.nbeta * rows.reduce((sum, row) => sum + (row[chain] ?? 0), 0)) /
      Math.max(1, rows.length),
  );
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  const spread =
    own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, own.length - 1);
  return {
    mean: rows.length === 0 ? NaN : mean,
    error: own.length > 1 ? Math.sqrt(spread / own.length) : null,
    perChain: own,
  };
}

function sendView(full: string): void {
  const [name = '', of = '0'] = full.split(':');
  const group = groups[Number(of)];
  if (group === undefined) return;
  const view = (shape: readonly number[], numbers: readonly number[]): void =>
    send({ type: 'view', name: full, step, shape, data: Float32Array.from(numbers) });
  const every = Math.max(1, Math.ceil(group.excess.length / 500));
  const rows = group.excess.flatMap((row, at) =>
    at % every === 0 ? [[at, ...row.slice(0, 32)]] : [],
  );
  if (name === 'traces') view([rows.length, rows[0]?.length ?? 1], rows.flat());
  if (name === 'cloud')
    view(
      [group.chains.length, 2],
      group.chains.flatMap((w) => [...w]),
    );
  if (name === 'paths') {
    const chains = Math.min(16, group.chains.length);
    const points = Array.from({ length: chains }, (_, chain) =>
      group.past.flatMap((row) => row[chain] ?? []),
    );
    view([chains, group.past.length, 2], points.flat());
  }
  if (name === 'estimate') {
    const burnin = config?.sampler.burnin ?? 0;
    const chains = group.chains.length;
    const sums = new Float64Array(chains);
    const lines: number[] = [];
    let count = 0;
    group.excess.slice(burnin).forEach((row, at) => {
      row.forEach((value, chain) => (sums[chain] = (sums[chain] ?? 0) + group.nbeta * value));
      count++;
      if (at % every !== 0) return;
      const own = [...sums].map((sum) => sum / count);
      const mean = own.reduce((sum, value) => sum + value, 0) / chains;
      const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      lines.push(burnin + at, mean, Math.sqrt(squares / Math.max(1, chains - 1) / chains));
    });
    view([lines.length / 3, 3], lines);
  }
}

function evaluate(): void {
  if (step > 0) {
    const all = groups.map(estimate);
    send({
      type: 'metrics',
      steps: [step],
      values: {
        llc: [all.map(({ mean }) => mean)],
        llc_error: [all.map(({ error }) => error ?? NaN)],
      },
    });
  }
  for (const name of watched) sendView(name);
}

function diagnosticsOf(group: Group): LlcDiagnostics {
  const few = group.excess.length <= (config?.sampler.burnin ?? 0) + 8;
  const odd = group.localization >= 100 || group.lr >= 3e-3;
  return {
    rhat: few ? null : odd ? 1.21 : 1.004,
    ess: few ? null : odd ? 61 : 4210,
    tau: few ? null : 6.2,
    acceptance: 0.97,
    stepBias: odd ? 0.14 : 0.004,
    noiseRatio: null,
    negative: 0,
    negativeSteps: 0,
    distance: 0.7,
    updates: null,
    kinetic: null,
    halves: [0.39, 0.39],
    diverged: config?.seed === 13 ? [{ chain: 3, step: 40 }] : [],
    gradientNorm: 0,
  };
}

function known(): boolean {
  return config?.target.kind === 'potential' || config?.target.kind === 'quadratic';
}

function groupOf(group: Group): LlcGroup {
  const { mean, error, perChain } = estimate(group);
  const diagnostics = diagnosticsOf(group);
  const healthy = (diagnostics.rhat ?? 1) < 1.05;
  return {
    lr: group.lr,
    localization: group.localization,
    nbeta: group.nbeta,
    point: group.point,
    label: group.label,
    step: group.step,
    llc: {
      mean:
        mean * (group.step === null ? 1 : 40 * Math.exp(-(((group.step - 600) / 700) ** 2)) + 20),
      standardError: error,
      perChain,
      nbeta: group.nbeta,
      convention: null,
      uncertainty: { betweenChains: error, mcse: error, baseline: 0 },
    },
    thermal: config?.target.kind === 'potential' ? 0.39 : null,
    diagnostics,
    verdict: healthy
      ? ['The chains have mixed and agree; the step size adds less than 1 %.']
      : ['The chains have not mixed: R̂ = 1.21. Burn in for longer, or take longer steps.'],
    verdicts: [],
    wbic: null,
    singularFluctuation: null,
    waic: null,
    baseline: 0,
    trainingLoss: group.step === null ? null : 4 * Math.exp(-group.step / 500),
    theory: known()
      ? { lambda: config?.target.kind === 'quadratic' ? 1 : 0.5, multiplicity: 2 }
      : null,
  };
}

function results(): LlcResults {
  const all = groups.map(groupOf);
  const { sweep, target } = config as LlcConfig;
  const swept = sweep.lr.length + sweep.localization.length + sweep.nbeta.length > 0;
  const many = target.kind === 'run' || target.kind === 'relu';
  return {
    ...(all[0] as LlcGroup),
    path: 'on-chip',
    pathReason: 'two parameters',
    target: { description: 'double', parameters: 2, sampled: 2, samples: null },
    losses: null,
    reweighted: null,
    extrapolated: null,
    sweep: swept ? all : [],
    checkpoints: many && !swept ? all : [],
  };
}

function tick(): void {
  if (!running || config === null) return;
  const began = performance.now();
  while (step < until && performance.now() - began < 12) {
    step++;
    draw();
  }
  evaluate();
  send({ type: 'progress', step, total, stepsPerSecond: 300, secondsLeft: (total - step) / 300 });
  if (config.seed === 14 && step >= 20 && !lost) {
    lost = true;
    const detail = 'the GPU was reset; going on from step 15';
    send({ type: 'status', status: 'restoring', detail, step });
    send({ type: 'status', status: 'running', detail: '', step });
  }
  if (step < until) {
    setTimeout(tick, 16);
    return;
  }
  running = false;
  send({ type: 'status', status: step >= total ? 'done' : 'paused', detail: '', step });
}

function start(goal: number): void {
  until = Math.min(goal, total);
  if (running) return;
  running = true;
  send({ type: 'status', status: 'running', detail: '', step });
  tick();
}

const adapter = (cpu: boolean) => ({
  runtime: cpu ? ('cpu' as const) : ('chrome' as const),
  vendor: 'double',
  architecture: 'none',
  description: 'test double',
  fallback: false,
});

scope.onmessage = ({ data: message }) => {
  switch (message.type) {
    case 'open': {
      const raw = message.config as LlcConfig;
      running = false;
      if (raw.seed === 16) {
        send({ type: 'error', kind: 'BadConfig', message: 'sampler.lr must be at least 1e-15.' });
        return;
      }
      const cpu = message.cpu === true;
      if (raw.seed === 15 && !cpu) {
        send({ type: 'error', kind: 'GpuUnavailable', message: 'no adapter was found' });
        return;
      }
      open(raw);
      send({ type: 'status', status: 'compiling', detail: '3 kernels', step });
      if (message.checkpoint !== undefined) {
        const kept = new DataView(message.checkpoint).getUint32(10);
        while (step < kept) {
          step++;
          draw();
        }
      }
      send({ type: 'opened', adapter: adapter(cpu), parameters: 2, bytes: 4096, config: raw });
      send({ type: 'status', status: 'ready', detail: '', step });
      evaluate();
      return;
    }
    case 'run':
      start(total);
      return;
    case 'step':
      start(step + message.count);
      return;
    case 'pause':
      running = false;
      send({ type: 'status', status: 'paused', detail: '', step });
      return;
    case 'watch':
      watched = message.views;
      evaluate();
      return;
    case 'checkpoint': {
      const bytes = new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125, 0, 0, 0, 0]).buffer;
      new DataView(bytes).setUint32(10, step);
      send({ type: 'checkpoint', step, bytes, files: {} });
      return;
    }
    case 'record':
      send({
        type: 'record',
        csv: 'step,llc\n1,0.4\n',
        record: {
          schema: 1,
          engine: '0.0.0',
          experiment: 'llc',
          config: config ?? {},
          seed: config?.seed ?? 0,
          adapter: adapter(false),
          steps: step,
          seconds: 1,
          stepsPerSecond: 300,
          metrics: {},
          events: [],
          results: config === null ? {} : results(),
          warnings: [],
        },
      });
      return;
    case 'pace':
    case 'close':
      return;
  }
};
