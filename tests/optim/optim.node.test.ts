import { describe, expect, it } from 'vitest';
import type { Update } from '../../src/graph/update';
import { adamw } from '../../src/optim/adamw';
import { biasCorrections } from '../../src/optim/corrections';
import { scheduleFactor, scheduleTable } from '../../src/optim/schedule';
import { sgd } from '../../src/optim/sgd';

const STEPS = 60;
/** Gradients of very different sizes, zero among them. */
const gradientAt = (step: number, i: number): number =>
  [1, 1e-6, 40, 0, -3][i]! * Math.cos(0.7 * step + i);
const START = [0.5, -0.25, 2, 0.125, -1];

/** Runs the reference twin of `update` and returns the parameters after each step. */
function run(update: Update, mask: number[] | null = null, replica = 0): number[][] {
  const parameters = Float64Array.from(START);
  const state = Object.fromEntries(update.state.map((name) => [name, new Float64Array(5)]));
  const hyper = Object.fromEntries(
    Object.entries(update.hyper).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : value[replica]!,
    ]),
  );
  return Array.from({ length: STEPS }, (_, step) => {
    const gradients = Float64Array.from(START, (_, i) => gradientAt(step, i));
    update.reference({
      step,
      seed: 1,
      replica,
      index: 0,
      parameters,
      gradients,
      mask: mask && Float64Array.from(mask),
      state,
      scalars: {},
      metrics: new Float64Array(0),
      loss: NaN,
      hyper,
    });
    return [...parameters];
  });
}

/** torch.optim.AdamW, one parameter, statement by statement. */
function torchAdamW(
  theta: number,
  gradient: (step: number) => number,
  rate: (step: number) => number,
  { beta1, beta2, eps, decay, l2 }: Record<'beta1' | 'beta2' | 'eps' | 'decay' | 'l2', number>,
): number[] {
  let [m, v] = [0, 0];
  return Array.from({ length: STEPS }, (_, step) => {
    const lr = rate(step);
    const g = gradient(step) + l2 * theta;
    theta *= 1 - lr * decay;
    m = m + (g - m) * (1 - beta1);
    v = v * beta2 + (1 - beta2) * g * g;
    const stepSize = lr / (1 - beta1 ** (step + 1));
    const denominator = Math.sqrt(v) / Math.sqrt(1 - beta2 ** (step + 1)) + eps;
    theta -= stepSize * (m / denominator);
    return theta;
  });
}

const f = Math.fround;
const betas = { beta1: f(0.9), beta2: f(0.98), eps: f(1e-8) };

function expectTrajectory(actual: number[][], of: (i: number) => number[]): void {
  START.forEach((_, i) => {
    const expected = of(i);
    actual.forEach((row, step) => expect(row[i]).toBeCloseTo(expected[step]!, 11));
  });
}

describe('adamw', () => {
  it('follows the recursion of torch.optim.AdamW', () => {
    const update = adamw({ lr: 1e-3, beta2: 0.98, weightDecay: 1 });
    expectTrajectory(run(update), (i) =>
      torchAdamW(
        START[i]!,
        (step) => gradientAt(step, i),
        () => f(1e-3),
        {
          ...betas,
          decay: 1,
          l2: 0,
        },
      ),
    );
  });

  it('couples l2 as torch.optim.Adam does', () => {
    const update = adamw({ lr: 5e-3, beta2: 0.98, l2: 2e-4 });
    expectTrajectory(run(update), (i) =>
      torchAdamW(
        START[i]!,
        (step) => gradientAt(step, i),
        () => f(5e-3),
        {
          ...betas,
          decay: 0,
          l2: f(2e-4),
        },
      ),
    );
  });

  it('moves nothing in the first update of a warm-up', () => {
    const schedule = { kind: 'constant', warmup: 10 } as const;
    const path = run(adamw({ lr: 1e-3, beta2: 0.98, weightDecay: 1, schedule }));
    expect(path[0]).toEqual(START);
    expectTrajectory(path, (i) =>
      torchAdamW(
        START[i]!,
        (step) => gradientAt(step, i),
        (step) => f(1e-3) * Math.min(step / 10, 1),
        { ...betas, decay: 1, l2: 0 },
      ),
    );
  });

  it('steps by lr whatever the size of a constant gradient', () => {
    const update = adamw({ lr: 0.125, epsilon: 1e-30 });
    for (const size of [1e-12, 1, 1e12]) {
      const parameters = Float64Array.of(0);
      const state = { exp_avg: new Float64Array(1), exp_avg_sq: new Float64Array(1) };
      const hyper = update.hyper as Record<string, number>;
      for (let step = 0; step < 8; step++) {
        const gradients = Float64Array.of(size);
        update.reference({
          step,
          seed: 0,
          replica: 0,
          index: 0,
          parameters,
          gradients,
          mask: null,
          state,
          scalars: {},
          metrics: new Float64Array(0),
          loss: NaN,
          hyper,
        });
      }
      expect(parameters[0]).toBeCloseTo(-1, 9);
    }
  });

  it('holds pruned parameters and their moments at zero', () => {
    const path = run(adamw({ lr: 0.01, weightDecay: 1 }), [1, 0, 1, 0, 1]);
    const free = run(adamw({ lr: 0.01, weightDecay: 1 }));
    for (const [step, row] of path.entries()) {
      expect([row[1], row[3]]).toEqual([0, 0]);
      expect([row[0], row[2], row[4]]).toEqual([free[step]![0], free[step]![2], free[step]![4]]);
    }
  });

  it('gives each replica its own hyperparameters and corrections', () => {
    const both = adamw({ lr: [1e-3, 1e-2], beta2: [0.98, 0.999], weightDecay: [0, 1] });
    expect(both.hyper['pair']).toEqual([0, 1]);
    expect(run(both, null, 1)).toEqual(run(adamw({ lr: 1e-2, beta2: 0.999, weightDecay: 1 })));
  });

  it('names the option, the range and the remedy', () => {
    expect(() => adamw({ lr: -1 })).toThrow(/^lr: got -1: must be at least 0 .* Choose/);
    expect(() => adamw({ lr: 1, beta2: 1 })).toThrow(/^beta2: .* below 1/);
    expect(() => adamw({ lr: 1, beta2: 1 - 1e-9 })).toThrow(/^beta2: .* Use a smaller beta/);
    expect(() => adamw({ lr: 1, epsilon: 0 })).toThrow(/^epsilon/);
    expect(() => adamw({ lr: Number.NaN })).toThrow(/^lr: got NaN/);
    expect(() => adamw({ lr: [1, 2], clip: [1, 2, 3] })).toThrow(
      /^clip: got 3 values while lr has 2/,
    );
    const cosine = { kind: 'cosine', warmup: 10, steps: 10 } as const;
    expect(() => adamw({ lr: 1, schedule: cosine })).toThrow(/^schedule.steps: got 10/);
  });
});

describe('bias corrections', () => {
  it('are those of the float32 beta and end at 1', () => {
    const { table, length, pair } = biasCorrections(0.9, [0.98, 0.98]);
    expect(pair).toBe(0);
    expect(table.length).toBe(2 * length);
    for (const t of [1, 2, 10, 100]) {
      expect(table[2 * (t - 1)]).toBe(f(1 / (1 - f(0.9) ** t)));
      expect(table[2 * t - 1]).toBe(f(1 / Math.sqrt(1 - f(0.98) ** t)));
    }
    expect([...table.slice(-2)]).toEqual([1, 1]);
  });

  it('are 1 for beta 0', () => {
    expect([...biasCorrections(0, 0).table]).toEqual([1, 1]);
  });
});

describe('sgd', () => {
  it('follows torch.optim.SGD, with and without momentum and Nesterov', () => {
    for (const [momentum, nesterov] of [
      [0, false],
      [0.875, false],
      [0.875, true],
    ] as const) {
      const update = sgd({ lr: 0.0625, momentum, nesterov, weightDecay: 0.25 });
      expect(update.state).toEqual(momentum ? ['momentum_buffer'] : []);
      expectTrajectory(run(update), (i) => {
        let [theta, buffer] = [START[i]!, 0];
        return Array.from({ length: STEPS }, (_, step) => {
          let g = gradientAt(step, i) + 0.25 * theta;
          buffer = step === 0 ? g : momentum * buffer + g;
          if (momentum) g = nesterov ? g + momentum * buffer : buffer;
          return (theta -= 0.0625 * g);
        });
      });
    }
  });

  it('clips by the norm of what is not pruned', () => {
    const gradients = Float64Array.of(3, 400, -4, 0, 0);
    const step = (clip: number): number[] => {
      const update = sgd({ lr: 1, clip });
      const parameters = new Float64Array(5);
      const hyper = update.hyper as Record<string, number>;
      const mask = Float64Array.of(1, 0, 1, 1, 1);
      update.reference({
        step: 0,
        seed: 0,
        replica: 0,
        index: 0,
        parameters,
        gradients,
        mask,
        state: {},
        scalars: {},
        metrics: new Float64Array(0),
        loss: NaN,
        hyper,
      });
      return [...parameters];
    };
    expect(step(0)).toEqual([-3, 0, 4, 0, 0]);
    expect(step(10)).toEqual([-3, 0, 4, 0, 0]);
    const clipped = step(1);
    expect(Math.hypot(...clipped)).toBeCloseTo(1, 6);
    expect(clipped[0]! / clipped[2]!).toBeCloseTo(-3 / 4, 12);
  });

  it('refuses Nesterov without momentum', () => {
    expect(() => sgd({ lr: 1, nesterov: true })).toThrow(/^nesterov: .* Set momentum above 0/);
  });
});

describe('schedules', () => {
  it('warm up in a line from 0, then stay, fall in a line or in half a cosine', () => {
    const at = (kind: 'constant' | 'linear' | 'cosine', step: number): number =>
      scheduleFactor({ kind, warmup: 10, steps: 110, final: 0.5 }, step);
    expect([0, 5, 10, 1e6].map((step) => at('constant', step))).toEqual([0, 0.5, 1, 1]);
    expect([0, 10, 60, 110, 111].map((step) => at('linear', step))).toEqual([0, 1, 0.75, 0.5, 0.5]);
    expect(at('cosine', 60)).toBeCloseTo(0.75, 12);
    expect(at('cosine', 35)).toBeCloseTo(0.5 + 0.25 * (1 + Math.SQRT1_2), 12);
    expect([at('cosine', 110), at('cosine', 1e6)]).toEqual([0.5, 0.5]);
  });

  it('are tables that end where they no longer change', () => {
    expect([...scheduleTable({ kind: 'constant' })]).toEqual([1]);
    expect([...scheduleTable({ kind: 'linear', steps: 4 })]).toEqual([1, 0.75, 0.5, 0.25, 0]);
    expect(scheduleTable({ kind: 'cosine', steps: 4, warmup: 2 })).toHaveLength(5);
  });
});
