/**
 * A test double of the training worker: speaks the protocol and replays made-up curves, so that page tests can stage
 * what a real run rarely does. No result of it is ever shown outside tests. Types only are imported: it is served as
 * one plain script. The seed chooses the story: 13 diverges, 14 loses its device once, 15 has no GPU, 16 fails to open,
 * 20 and more are in a hurry to finish.
 */
import type { FromWorker, ToWorker } from '../../src/lab/protocol';

interface DoubleConfig {
  experiment: string;
  seed: number;
  steps: number;
  evaluateEvery: number;
  data: { modulus: number };
  network: { kind: string; width: number; heads: number; hidden: number };
  measures?: { every: number } | null;
}

/** Step, train loss, test loss, train accuracy, test accuracy, sum of squared weights. */
const story: readonly (readonly number[])[] = [
  [0, 3.98, 3.98, 0.02, 0.018, 351],
  [50, 0.35, 9, 0.995, 0.001, 1150],
  [100, 2.3e-2, 15.2, 1, 0.002, 1270],
  [300, 2.1e-3, 9.8, 1, 0.04, 1260],
  [500, 2.3e-4, 4.4, 1, 0.255, 1220],
  [700, 2.7e-5, 0.78, 1, 0.769, 1160],
  [1000, 1.4e-6, 1.2e-2, 1, 0.996, 1110],
  [2000, 2e-7, 1.8e-5, 1, 1, 1020],
];
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
};
let config: DoubleConfig | null = null;
let step = 0;
let until = 0;
let watched: readonly string[] = [];
let running = false;
let lost = false;
const reached = new Set<string>();
const send = (message: FromWorker): void => scope.postMessage(message);

function at(place: number, column: number): number {
  const index = Math.max(
    1,
    story.findIndex((row) => (row[0] ?? 0) >= place),
  );
  const [from, to] = [story[index - 1] ?? [], story[index] ?? []];
  const part = (place - (from[0] ?? 0)) / ((to[0] ?? 1) - (from[0] ?? 0));
  const [a, b] = [from[column] ?? 0, to[column] ?? 0];
  if (column === 1 || column === 2) return Math.exp(Math.log(a) * (1 - part) + Math.log(b) * part);
  return a + (b - a) * part;
}

const keys = [2, 10, 18, 21, 24];

/** Scalars of the progress measures, as far as the story has got: 0 at the start, 1 when all is understood. */
function measure(share: number): Record<string, number> {
  const fall = (from: number, to: number): number => from * (to / from) ** share;
  return {
    restricted_loss: fall(3.97, 2e-6),
    restricted_accuracy: Math.min(1, 0.02 + 1.4 * share),
    excluded_loss: 0.7 + 4.4 * share,
    logit_fve: 0.9 * share,
    gini_embedding: 0.03 + 0.5 * share,
    gini_readout: 0.07 + 0.68 * share,
    explained_neurons: Math.max(0, 1.2 * share - 0.2),
    key_count: keys.length,
    'weight_norm/embed.weight': 400 - 100 * share,
  };
}

/** Vectors that come with every row of measures. */
function sendVectors(share: number): void {
  if (config === null) return;
  const K = (config.data.modulus - 1) / 2;
  const key = (k: number): boolean => keys.includes(k);
  const waves = (on: number, off: number): Float32Array =>
    Float32Array.from({ length: K }, (_, k) => (key(k + 1) ? on : off) * (1 + 0.2 * noise(k)));
  const rows = (on: number): Float32Array =>
    Float32Array.from({ length: 2 * K + 1 }, (_, row) =>
      row > 0 && key(Math.ceil(row / 2)) ? on : 0.6 * (1 - share) + 0.1,
    );
  const { hidden } = config.network;
  const neurons = Float32Array.from({ length: 2 * hidden }, (_, n) =>
    n < hidden ? (keys[n % keys.length] ?? 1) : Math.min(1, 0.3 + 0.7 * share * noise(n) ** 0.2),
  );
  const vector = (name: string, shape: number[], data: Float32Array): void =>
    send({ type: 'view', name, step, shape, data });
  vector('embedding_spectrum', [2 * K + 1], rows(1 + 3 * share));
  vector('readout_spectrum', [2 * K + 1], rows(1 + 5 * share));
  vector('logit_coefficients', [K], waves(20 * share, 0.5));
  vector('logit_cosines', [K], waves(0.4 * share, 0.02));
  vector(
    'key_frequencies',
    [K],
    Float32Array.from({ length: K }, (_, k) => Number(key(k + 1))),
  );
  vector('neurons', [2, hidden], neurons);
  vector('excluded_by_frequency', [K], waves(0.01 + share, 1e-4));
  vector('ablation', [K], waves(0.01 + share, 1e-4));
  vector(
    'readout_fve',
    [2, K],
    Float32Array.from({ length: 2 * K }, (_, k) => share * noise(k) ** 0.1),
  );
}

/** Hash of an integer to [0, 1), for noise that repeats. */
function noise(n: number): number {
  const x = Math.sin(n * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

function evaluate(): void {
  if (config === null || config.experiment === 'llc') return;
  const place = Math.min(2000, (step * 1500) / Math.max(1500, config.steps));
  const value = (column: number): number[] => [at(place, column)];
  const share = Math.min(1, place / 1000);
  const every = config.measures?.every ?? 0;
  const due = every > 0 && (step % every === 0 || step === config.steps);
  const measures = config.measures == null ? {} : measure(share);
  if (due) sendVectors(share);
  send({
    type: 'metrics',
    steps: [step],
    values: {
      train_loss: [value(1)],
      test_loss: [value(2)],
      train_accuracy: [value(3)],
      test_accuracy: [value(4)],
      weight_norm: [value(5)],
      ...Object.fromEntries(
        Object.entries(measures).map(([name, number]) => [name, [due ? [number] : []]]),
      ),
    },
  });
  for (const [name, there] of [
    ['memorised', at(place, 3) >= 0.99],
    ['circuit-formed', due && (measures['restricted_loss'] ?? 1) <= 0.1],
    ['generalised', at(place, 4) >= 0.99],
    ['cleaned-up', at(place, 2) <= 1e-3],
  ] as const) {
    if (!there || reached.has(name)) continue;
    reached.add(name);
    send({ type: 'event', event: { name, step, replica: 0 } });
  }
  for (const name of watched) sendView(name, share);
}

function sendView(name: string, share: number): void {
  if (config === null) return;
  const p = config.data.modulus;
  const { width, heads, kind } = config.network;
  if (name === 'embedding') {
    const data = new Float32Array(p * width);
    for (let n = 0; n < p; n++) {
      for (let j = 0; j < width; j++) {
        const k = keys[j % 5] ?? 2;
        const wave = Math.cos((2 * Math.PI * k * n) / p + j);
        data[n * width + j] =
          0.9 * share * wave + (1 - share * 0.85) * (noise(n * 131 + j * 7) - 0.5);
      }
    }
    send({ type: 'view', name, step, shape: [p, width], data });
  } else if (name === 'logits') {
    const data = new Float32Array(p * p);
    for (let index = 0; index < p * p; index++) {
      const known = noise(index) < 0.5;
      data[index] = known ? 9 + 4 * noise(index + 5) : -9 + 20 * share + 5 * noise(index + 9);
    }
    send({ type: 'view', name, step, shape: [p, p], data });
  } else if (name === 'logit_spectrum' || name === 'neuron_spectrum') {
    const onKey = (wave: number): boolean => keys.includes(Math.ceil(wave / 2));
    const data = Float32Array.from({ length: p * p }, (_, index) => {
      const [row, column] = [Math.floor(index / p), index % p];
      const same = Math.ceil(row / 2) === Math.ceil(column / 2) && onKey(row);
      return (same ? 30 * share : 0) + (1 - share) * noise(index);
    });
    send({ type: 'view', name, step, shape: [p, p], data });
  } else if (name === 'neuron_inputs') {
    const { hidden } = config.network;
    const data = Float32Array.from({ length: hidden * p }, (_, index) => {
      const k = keys[Math.floor(index / p) % keys.length] ?? 2;
      return share * Math.cos((2 * Math.PI * k * (index % p)) / p) + noise(index) - 0.5;
    });
    send({ type: 'view', name, step, shape: [hidden, p], data });
  } else if (name === 'neuron_maps') {
    const data = Float32Array.from({ length: 6 * p * p }, (_, index) => {
      const k = keys[Math.floor(index / (p * p))];
      if (k === undefined) return 0;
      const [a, b] = [Math.floor(index / p) % p, index % p];
      const wave = Math.cos((2 * Math.PI * k * a) / p) + Math.cos((2 * Math.PI * k * b) / p);
      return Math.max(0, share * wave + (1 - share) * noise(index));
    });
    send({ type: 'view', name, step, shape: [6, p, p], data });
  } else if (name === 'attention' && kind === 'transformer') {
    const data = new Float32Array(heads * p * p);
    for (let index = 0; index < data.length; index++) {
      const [a, b] = [Math.floor(index / p) % p, index % p];
      const k = 3 + 4 * Math.floor(index / (p * p));
      const wave = 0.5 + 0.45 * Math.cos((2 * Math.PI * k * (a - b)) / p);
      data[index] = share * wave + (1 - share) * (0.33 + 0.1 * noise(index));
    }
    send({ type: 'view', name, step, shape: [heads, p, p], data });
  }
}

/** λ̂ of three checkpoints, the one in the middle the highest. */
function chains(): object[] {
  return [0, 500, 2000].map((at, index) => ({
    step: at,
    llc: { mean: [50, 120, 80][index], standardError: 2 },
  }));
}

function tick(): void {
  if (!running || config === null) return;
  const every = config.evaluateEvery;
  const stride = config.seed >= 20 ? 50 : 5;
  const target = Math.min(until, config.steps, step + stride);
  while (step < target) {
    step++;
    if (step % every === 0) evaluate();
  }
  const left = (config.steps - step) / 300;
  send({ type: 'progress', step, total: config.steps, stepsPerSecond: 300, secondsLeft: left });
  if (config.seed === 13 && step >= 100) {
    running = false;
    send({ type: 'status', status: 'diverged', detail: 'diverged at step 100, replica 0', step });
    send({ type: 'error', kind: 'Diverged', message: 'Diverged at step 100, replica 0.' });
    return;
  }
  if (config.seed === 14 && step >= 100 && !lost) {
    lost = true;
    step = 75;
    send({
      type: 'status',
      status: 'restoring',
      detail: 'the GPU was reset; restored from step 75',
      step,
    });
    send({ type: 'status', status: 'running', detail: '', step });
  }
  if (step >= config.steps) {
    running = false;
    send({ type: 'status', status: 'done', detail: '', step });
  } else if (step >= until) {
    running = false;
    send({ type: 'status', status: 'paused', detail: '', step });
  } else {
    setTimeout(tick, 16);
  }
}

function start(goal: number): void {
  until = goal;
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
      config = message.config as DoubleConfig;
      // Chains around the weights of a run: as many steps as its page asks for.
      if (config.experiment === 'llc') config = { ...config, steps: 350, evaluateEvery: 50 };
      if (config.seed === 16) {
        send({ type: 'error', kind: 'BadConfig', message: 'data.modulus must be at least 3.' });
        return;
      }
      running = false;
      step = 0;
      reached.clear();
      send({ type: 'status', status: 'compiling', detail: '37 kernels', step });
      const cpu = message.cpu === true;
      if (config.seed === 15 && !cpu) {
        const kind = 'GpuUnavailable';
        send({ type: 'status', status: 'failed', detail: 'no adapter was found', step });
        send({ type: 'error', kind, message: 'no adapter was found' });
        return;
      }
      if (message.checkpoint !== undefined) step = new DataView(message.checkpoint).getUint32(10);
      send({ type: 'opened', adapter: adapter(cpu), parameters: 25856, bytes: 2.1e6, config });
      send({ type: 'status', status: 'ready', detail: '', step });
      evaluate();
      return;
    }
    case 'run':
      start(config?.steps ?? 0);
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
      // An empty safetensors file with the step behind it, where this double finds it again.
      const bytes = new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125, 0, 0, 0, 0]).buffer;
      new DataView(bytes).setUint32(10, step);
      send({
        type: 'checkpoint',
        step,
        bytes,
        files: { 'checkpoints.safetensors': bytes.slice(0) },
      });
      return;
    }
    case 'record':
      send({
        type: 'record',
        csv: 'step,train_loss\n0,3.98\n',
        record: {
          schema: 1,
          engine: '0.0.0',
          experiment: 'modular-addition',
          config: config ?? {},
          seed: config?.seed ?? 0,
          adapter: adapter(false),
          steps: step,
          seconds: 1,
          stepsPerSecond: 300,
          metrics: { train_loss: at(step, 1) },
          events: [],
          results: config?.experiment === 'llc' ? { checkpoints: chains() } : {},
          warnings: [],
        },
      });
      return;
    case 'pace':
    case 'close':
      return;
  }
};
