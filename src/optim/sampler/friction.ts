/**
 * The samplers with momentum and friction: SGNHT, whose friction ξ is a thermostat (Ding et al. 2014), and SGHMC (Chen et al.
 * 2014). The step is in options.ts; its kernel is shaders/lib/sampler/friction.wgsl.
 */
import aloneShader from '../../../shaders/optim/sampler/friction.wgsl';
import teamShader from '../../../shaders/optim/sampler/friction-team.wgsl';
import type { ReferenceUpdate, Update } from '../../graph/update';
import { streams } from '../../random/streams';
import { chainLaunch, launchFinish, partialSums } from './launch';
import { SAMPLER_METRICS } from './options';
import { checkPlace } from './place';
import type { Settings } from './settings';
import { addParts, noiseAt, placeOf, record, settingsOf, whereabouts } from './twin';

export function friction(settings: Settings): Update {
  const { method, hyper, place } = settings;
  const thermostat = method === 'sgnht';
  return {
    name: method,
    state: ['momentum'],
    scalars: thermostat ? ['xi'] : [],
    metrics: SAMPLER_METRICS,
    observes: true,
    hyper,
    tables: { place: place.table },
    check: (program) => checkPlace(place, program),
    lower(target, to) {
      const { grid, ...launch } = chainLaunch(settings, target, to, 0);
      const partials = partialSums(to, grid);
      to.launch(to.traits.barriers ? teamShader : aloneShader, {
        ...launch,
        bindings: {
          ...launch.bindings,
          clock: target.clock,
          partials,
          momentum: target.state['momentum'],
          // Read only by a thermostat.
          scalars: target.scalars ?? target.hyper,
        },
        overrides: { ...launch.overrides, THERMOSTAT: thermostat ? 1 : 0 },
        flops: to.replicas * target.size * 100,
      });
      const ending = { partials, lanes: grid.lanes, period: 0 };
      launchFinish(target, to, ending, { KINETIC: 1, THERMOSTAT: thermostat ? 1 : 0 });
    },
    reference: (update) => stepReference(settings, update),
  };
}

function stepReference(settings: Settings, update: ReferenceUpdate): void {
  const { parameters: w, gradients, step, state, scalars } = update;
  const of = settingsOf(update);
  const [lr, nbeta, localization] = [of('lr'), of('nbeta'), of('localization')];
  const [weightDecay, noiseLevel, box] = [of('weightDecay'), of('noiseLevel'), of('box')];
  const thermostat = settings.method === 'sgnht';
  const place = placeOf(settings.place, update);
  const eta = noiseAt(update, streams.noise);
  const first = step === 0 ? noiseAt(update, streams.momentum) : null;
  const xi = thermostat && step > 0 ? scalars['xi'] : of('friction');
  const spread = Math.sqrt(2 * (of('friction') - of('noiseEstimate')) * lr) * noiseLevel;
  const momentum = state['momentum'];
  const sums = whereabouts(update, place);
  sums.loss = update.loss;
  let momentum2 = 0;
  for (let i = 0; i < w.length; i++) {
    if (!place.sampled(i)) continue;
    const anchor = place.anchor(i);
    const byGradient = -lr * nbeta * gradients[i];
    const byPrior = -lr * (localization * (w[i] - anchor) + weightDecay * w[i]);
    const byNoise = spread * eta[i];
    addParts(sums, byGradient, byPrior, byNoise);
    const before = first ? Math.sqrt(lr) * first[i] : momentum[i];
    let p = before + (byGradient + byPrior + byNoise) - xi * before;
    let next = w[i] + p;
    const wall = next > anchor + box ? anchor + box : anchor - box;
    if (box > 0 && Math.abs(next - anchor) > box && Number.isFinite(next)) {
      next = Math.min(Math.max(2 * wall - next, anchor - box), anchor + box);
      p = -p;
    }
    w[i] = next;
    momentum[i] = p;
    momentum2 += p ** 2;
  }
  const mean = momentum2 / Math.max(sums.sampled, 1);
  if (thermostat) scalars['xi'] = xi + mean - lr;
  sums.kinetic = mean / lr;
  record(update, sums);
}
