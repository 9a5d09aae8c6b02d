/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), as torch.optim.AdamW:
 *
 *     g ← clip·∇L + l2·θ      m ← β₁m + (1 − β₁)g      v ← β₂v + (1 − β₂)g²
 *     θ ← θ − lr·s(t)·(weightDecay·θ + m̂ / (√v̂ + ε)),   m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
 *
 * which is PyTorch's θ(1 − lr·wd) − lr·m̂/(√v̂ + ε) with one rounding instead of two. `l2` is the weight decay of
 * torch.optim.Adam, added to the gradient. Hyperparameters are those of float32: β is rounded before 1 − β is taken.
 */
import shader from '../../shaders/optim/adamw.wgsl';
import type { Update } from '../graph/update';
import { clipFactor, clips, lowerClip, maskBlock, maskStride } from './clip';
import { biasCorrections } from './corrections';
import { flatGrid } from './grid';
import type { Hyper } from './options';
import { requireHyper, requireSameLength } from './options';
import type { Schedule } from './schedule';
import { constantSchedule, scheduleFactor, scheduleTable } from './schedule';

export interface AdamWOptions {
  readonly lr: Hyper;
  /** 0.9 unless given. */
  readonly beta1?: Hyper;
  /** 0.999 unless given; the grokking papers use 0.98. */
  readonly beta2?: Hyper;
  /** 1e-8 unless given. */
  readonly epsilon?: Hyper;
  /** Decoupled; 0 unless given (PyTorch's default is 0.01). */
  readonly weightDecay?: Hyper;
  /** Coupled: the weight decay of plain Adam; 0 unless given. */
  readonly l2?: Hyper;
  readonly schedule?: Schedule;
  /** Largest norm of a replica's gradient; 0 is no limit. */
  readonly clip?: Hyper;
}

/** Order of the columns in the kernel: two vec4s a replica. */
const COLUMNS = ['lr', 'beta1', 'beta2', 'epsilon', 'weightDecay', 'l2', 'clip', 'pair'] as const;

/** Throws BadConfig naming the option, its range and what to do. */
export function adamw(options: AdamWOptions): Update {
  const { lr, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = 0, l2 = 0, schedule = constantSchedule, clip = 0 } = options;
  requireHyper('lr', lr, { least: 0, most: 1e3 });
  requireHyper('beta1', beta1, { least: 0, most: 1, below: true });
  requireHyper('beta2', beta2, { least: 0, most: 1, below: true });
  // Below it, ε is a subnormal float32, which a device may flush to 0: then 0 / (√0 + ε) is not a number.
  requireHyper('epsilon', epsilon, { least: 2e-38, most: 1 });
  requireHyper('weightDecay', weightDecay, { least: 0, most: 1e3 });
  requireHyper('l2', l2, { least: 0, most: 1e3 });
  requireHyper('clip', clip, { least: 0, most: 1e30 });
  const factors = scheduleTable(schedule);
  const { table, length, pair } = biasCorrections(beta1, beta2);
  const hyper = { lr, beta1, beta2, epsilon, weightDecay, l2, clip, pair };
  requireSameLength(hyper);
  const clipped = clips(clip);
  // One table of both, since a kernel may bind eight buffers only.
  const both = new Float32Array(factors.length + table.length);
  both.set(factors);
  both.set(table, factors.length);

  return {
    name: 'adamw',
    state: ['exp_avg', 'exp_avg_sq'],
    hyper,
    tables: { factors: both },
    chip: { rule: 3, clipped, scheduleLength: factors.length, correctionLength: length },
    lower(target, to) {
      const vectors = target.size / 4;
      const grid = flatGrid(vectors, to);
      to.launch(shader, {
        bindings: {
          parameters: target.parameters,
          expAvg: target.state['exp_avg']!,
          expAvgSq: target.state['exp_avg_sq']!,
          gradients: target.gradients,
          mask: maskBlock(target),
          hyper: clipped ? lowerClip(target, to, COLUMNS) : target.hyper,
          factors: target.tables['factors']!,
          clock: target.clock,
        },
        params: {
          vectors,
          replicas: to.replicas,
          maskStride: maskStride(target),
          scheduleLength: factors.length,
          correctionLength: length,
        },
        overrides: { ...grid.overrides, MASKED: target.mask ? 1 : 0, CLIPPED: clipped ? 1 : 0 },
        groups: grid.groups,
        flops: to.replicas * target.size * 16,
      });
    },
    reference({ step, parameters, gradients, mask, state, hyper: row }) {
      const m = state['exp_avg']!;
      const v = state['exp_avg_sq']!;
      const of = (name: (typeof COLUMNS)[number]): number => Math.fround(row[name]!);
      const [b1, b2, e, decay, coupled] = [
        of('beta1'),
        of('beta2'),
        of('epsilon'),
        of('weightDecay'),
        of('l2'),
      ];
      const rate = of('lr') * scheduleFactor(schedule, step);
      const scale = clipFactor(of('clip'), gradients, mask);
      const correction1 = 1 / (1 - b1 ** (step + 1));
      const correction2 = 1 / Math.sqrt(1 - b2 ** (step + 1));
      for (let i = 0; i < parameters.length; i++) {
        if (mask !== null && mask[i] === 0) {
          parameters[i] = m[i] = v[i] = 0;
          continue;
        }
        const theta = parameters[i]!;
        const g = scale * gradients[i]! + coupled * theta;
        m[i] = b1 * m[i]! + (1 - b1) * g;
        v[i] = b2 * v[i]! + (1 - b2) * g * g;
        const adam = (m[i]! * correction1) / (Math.sqrt(v[i]!) * correction2 + e);
        parameters[i] = theta - rate * (decay * theta + adam);
      }
    },
  };
}
