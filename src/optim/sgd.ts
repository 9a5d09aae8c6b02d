/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD (dampening 0):
 *
 *     g ← clip·∇L + weightDecay·θ      b ← momentum·b + g      θ ← θ − lr·s(t)·d,
 *
 * d = b, or g + momentum·b with Nesterov's form. Without momentum there is no state and d = g.
 */
import plainShader from '../../shaders/optim/sgd.wgsl';
import momentumShader from '../../shaders/optim/sgd-momentum.wgsl';
import { BadConfig } from '../gpu/errors';
import type { Update } from '../graph/update';
import { clipFactor, clips, lowerClip, maskBlock, maskStride } from './clip';
import { flatGrid } from './grid';
import type { Hyper } from './options';
import { hyperValues, requireHyper, requireSameLength } from './options';
import type { Schedule } from './schedule';
import { constantSchedule, scheduleFactor, scheduleTable } from './schedule';

export interface SgdOptions {
  readonly lr: Hyper;
  /** 0 unless given. */
  readonly momentum?: Hyper;
  readonly nesterov?: boolean;
  /** Added to the gradient, as PyTorch does; 0 unless given. */
  readonly weightDecay?: Hyper;
  readonly schedule?: Schedule;
  /** Largest norm of a replica's gradient; 0 is no limit. */
  readonly clip?: Hyper;
}

/** Order of the columns in the kernels: a vec4 a replica. */
const COLUMNS = ['lr', 'momentum', 'weightDecay', 'clip'] as const;

/** Throws BadConfig naming the option, its range and what to do. */
export function sgd(options: SgdOptions): Update {
  const { lr, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  const { schedule = constantSchedule, clip = 0 } = options;
  requireHyper('lr', lr, { least: 0, most: 1e6 });
  requireHyper('momentum', momentum, { least: 0, most: 1, below: true });
  requireHyper('weightDecay', weightDecay, { least: 0, most: 1e3 });
  requireHyper('clip', clip, { least: 0, most: 1e30 });
  const moving = hyperValues(momentum).some((value) => value > 0);
  if (nesterov && !moving) {
    throw new BadConfig('nesterov', {
      asked: 'got true with momentum 0',
      limit: "Nesterov's form needs momentum",
      remedy: 'Set momentum above 0 or nesterov to false',
    });
  }
  const hyper = { lr, momentum, weightDecay, clip };
  requireSameLength(hyper);
  const factors = scheduleTable(schedule);
  const clipped = clips(clip);

  return {
    name: 'sgd',
    state: moving ? ['momentum_buffer'] : [],
    hyper,
    tables: { factors },
    chip: {
      rule: moving ? (nesterov ? 2 : 1) : 0,
      clipped,
      scheduleLength: factors.length,
      correctionLength: 0,
    },
    lower(target, to) {
      const vectors = target.size / 4;
      const grid = flatGrid(vectors, to);
      const bindings = {
        parameters: target.parameters,
        gradients: target.gradients,
        mask: maskBlock(target),
        hyper: clipped ? lowerClip(target, to, COLUMNS) : target.hyper,
        factors: target.tables['factors']!,
        clock: target.clock,
      };
      const params = {
        vectors,
        replicas: to.replicas,
        maskStride: maskStride(target),
        scheduleLength: factors.length,
      };
      const overrides = {
        ...grid.overrides,
        MASKED: target.mask ? 1 : 0,
        CLIPPED: clipped ? 1 : 0,
      };
      const flops = to.replicas * target.size * (moving ? 8 : 4);
      if (moving) {
        to.launch(momentumShader, {
          bindings: { ...bindings, buffer: target.state['momentum_buffer']! },
          params,
          overrides: { ...overrides, NESTEROV: nesterov ? 1 : 0 },
          groups: grid.groups,
          flops,
        });
      } else {
        to.launch(plainShader, { bindings, params, overrides, groups: grid.groups, flops });
      }
    },
    reference({ step, parameters, gradients, mask, state, hyper: row }) {
      const of = (name: (typeof COLUMNS)[number]): number => Math.fround(row[name]!);
      const [mu, decay] = [of('momentum'), of('weightDecay')];
      const rate = of('lr') * scheduleFactor(schedule, step);
      const scale = clipFactor(of('clip'), gradients, mask);
      const buffer = moving ? state['momentum_buffer']! : null;
      for (let i = 0; i < parameters.length; i++) {
        const pruned = mask !== null && mask[i] === 0;
        const g = scale * gradients[i]! + decay * parameters[i]!;
        let direction = g;
        if (buffer !== null) {
          buffer[i] = pruned ? 0 : mu * buffer[i]! + g;
          direction = nesterov ? g + mu * buffer[i]! : buffer[i]!;
        }
        parameters[i] = pruned ? 0 : parameters[i]! - rate * direction;
      }
    },
  };
}
