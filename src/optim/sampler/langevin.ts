/**
 * Stochastic gradient Langevin dynamics (Welling and Teh 2011), and with the preconditioner of RMSprop (Li et al. 2016, without
 * their Γ). The step is in options.ts; its kernel is shaders/lib/sampler/langevin.wgsl.
 *
 * Acceptance, of the step from w to w' that a Metropolis test with U and the step's own Gaussian would give:
 *
 *     log a = U(w) − U(w') + (‖√ε·σ·η‖² − ‖w − w' + ½ε∇U(w')‖²) / 2εσ²,
 *
 * η that of the step, drawn again; not measured where σ = 0
 */
import aloneShader from '../../../shaders/optim/sampler/langevin.wgsl';
import teamShader from '../../../shaders/optim/sampler/langevin-team.wgsl';
import type { ReferenceUpdate, Update } from '../../graph/update';
import { streams } from '../../random/streams';
import { chainLaunch, launchFinish, partialSums } from './launch';
import { SAMPLER_METRICS } from './options';
import { checkPlace } from './place';
import type { Settings } from './settings';
import { addParts, noiseAt, placeOf, record, settingsOf, whereabouts } from './twin';

export function langevin(settings: Settings): Update {
  const { method, hyper, place, acceptanceEvery: period } = settings;
  const preconditioned = method === 'rmsprop-sgld';
  const measured = period > 0;
  const state = preconditioned ? ['square_avg'] : measured ? ['previous'] : [];
  return {
    name: method,
    state,
    scalars: measured ? ['potential'] : [],
    metrics: SAMPLER_METRICS,
    observes: true,
    hyper,
    tables: { place: place.table },
    check: (program) => checkPlace(place, program),
    lower(target, to) {
      const { grid, ...launch } = chainLaunch(settings, target, to, period);
      const partials = partialSums(to, grid);
      to.launch(to.traits.barriers ? teamShader : aloneShader, {
        ...launch,
        bindings: {
          ...launch.bindings,
          clock: target.clock,
          partials,
          memory: state.length > 0 ? target.state[state[0]] : to.transient('no memory', 4),
        },
        overrides: {
          ...launch.overrides,
          PRECONDITIONED: preconditioned ? 1 : 0,
          MEASURED: measured ? 1 : 0,
        },
        flops: to.replicas * target.size * 100,
      });
      const ending = { partials, lanes: grid.lanes, period };
      launchFinish(target, to, ending, { MEASURED: measured ? 1 : 0 });
    },
    reference: (update) => stepReference(settings, update),
  };
}

function stepReference(settings: Settings, update: ReferenceUpdate): void {
  const { parameters: w, gradients, step, state, scalars, loss } = update;
  const { acceptanceEvery: period } = settings;
  const of = settingsOf(update);
  const [lr, nbeta, localization] = [of('lr'), of('nbeta'), of('localization')];
  const [weightDecay, noiseLevel, box] = [of('weightDecay'), of('noiseLevel'), of('box')];
  const [decay, stability] = [of('decay'), of('stability')];
  const place = placeOf(settings.place, update);
  const eta = noiseAt(update, streams.noise);
  const squares = settings.method === 'rmsprop-sgld' ? state['square_avg'] : null;
  const sums = whereabouts(update, place);
  sums.loss = loss;
  const measures = period > 0 && step > 0 && step % period === 0;
  const last = measures ? noiseAt({ ...update, step: step - 1 }, streams.noise) : eta;
  let crossing = 0;
  for (let i = 0; i < w.length; i++) {
    if (!place.sampled(i)) continue;
    let gain = 1;
    if (squares) {
      squares[i] = decay * squares[i] + (1 - decay) * gradients[i] ** 2;
      gain = 1 / (Math.sqrt(squares[i]) + stability);
    }
    const anchor = place.anchor(i);
    const gradient = nbeta * gradients[i];
    const prior = localization * (w[i] - anchor) + weightDecay * w[i];
    const byGradient = -0.5 * lr * gain * gradient;
    const byPrior = -0.5 * lr * gain * prior;
    const byNoise = Math.sqrt(lr * gain) * noiseLevel * eta[i];
    addParts(sums, byGradient, byPrior, byNoise);
    if (period > 0) {
      const back = state['previous'][i] - w[i] + 0.5 * lr * (gradient + prior);
      crossing += (Math.sqrt(lr) * noiseLevel * last[i]) ** 2 - back ** 2;
      if ((step + 1) % period === 0) state['previous'][i] = w[i];
    }
    const next = w[i] + (byGradient + byPrior + byNoise);
    w[i] =
      box > 0 && Number.isFinite(next)
        ? Math.min(Math.max(next, anchor - box), anchor + box)
        : next;
  }
  if (period > 0) {
    const { distance2, norm2 } = sums;
    const potential = nbeta * loss + 0.5 * (localization * distance2 + weightDecay * norm2);
    const variance = lr * noiseLevel ** 2;
    if (measures && variance > 0) {
      const logarithm = scalars['potential'] - potential + crossing / (2 * variance);
      sums.acceptance = Number.isFinite(logarithm) ? Math.exp(Math.min(0, logarithm)) : 0;
    }
    scalars['potential'] = potential;
  }
  record(update, sums);
}
