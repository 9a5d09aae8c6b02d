/**
 * The exact samplers: Hamiltonian Monte Carlo with L leapfrog steps a trajectory (Neal 2011), and with L = 1 MALA (Roberts and
 * Tweedie 1996). A step is a gradient; where a trajectory ends is in options.ts. The box is a wall of infinite potential: a
 * trajectory that ends outside is rejected.
 *
 * Three kernels: trajectory-end sums the energies and draws momenta, decide tests, chain by chain, and move goes on.
 */
import decideShader from '../../../shaders/optim/sampler/decide.wgsl';
import moveShader from '../../../shaders/optim/sampler/move.wgsl';
import endShader from '../../../shaders/optim/sampler/trajectory-end.wgsl';
import endTeamShader from '../../../shaders/optim/sampler/trajectory-end-team.wgsl';
import type { ReferenceUpdate, Update, UpdateTarget } from '../../graph/update';
import type { PhaseBuilder } from '../../plan/types';
import { negativeLog } from '../../random/normal';
import { philox } from '../../random/philox';
import { streams } from '../../random/streams';
import { chainLaunch, endingLaunch, partialSums } from './launch';
import { SAMPLER_METRICS } from './options';
import { checkPlace, type OwnPlace } from './place';
import type { Settings } from './settings';
import { stretchOf } from './stretch';
import { noiseAt, placeOf, record, settingsOf, whereabouts } from './twin';

export function metropolis(settings: Settings): Update {
  const { method, hyper, place } = settings;
  return {
    name: method,
    state: ['momentum', 'start', 'start_gradient'],
    /** Of the state accepted last; kinetic2 is ‖p‖² where its trajectory began. */
    scalars: ['loss', 'distance2', 'norm2', 'kinetic2', 'x', 'y'],
    metrics: SAMPLER_METRICS,
    observes: true,
    hyper,
    tables: { place: place.table },
    check: (program) => checkPlace(place, program),
    lower: (target, to) => lowerStep(settings, target, to),
    reference: (update) => stepReference(settings, update),
  };
}

function lowerStep(settings: Settings, target: UpdateTarget, to: PhaseBuilder): void {
  const period = settings.leapfrog;
  const { grid, ...launch } = chainLaunch(settings, target, to, period);
  const partials = partialSums(to, grid);
  const momentum = target.state['momentum'];
  to.launch(to.traits.barriers ? endTeamShader : endShader, {
    ...launch,
    bindings: { ...launch.bindings, clock: target.clock, partials, momentum },
    flops: (to.replicas * target.size * 100) / period,
  });
  const decision = to.transient('decisions', 2 * to.replicas);
  const ending = endingLaunch(target, to, { partials, lanes: grid.lanes, period });
  to.launch(decideShader, { ...ending, bindings: { ...ending.bindings, decision } });
  to.launch(moveShader, {
    ...launch,
    bindings: {
      ...launch.bindings,
      decision,
      momentum,
      start: target.state['start'],
      startGradient: target.state['start_gradient'],
    },
    flops: to.replicas * target.size * 10,
  });
}

function stepReference(settings: Settings, update: ReferenceUpdate): void {
  const { parameters: w, gradients, step, state, scalars } = update;
  const of = settingsOf(update);
  const { leapfrog } = settings;
  const lengthFrom = (begin: number): number =>
    Math.sqrt(of('lr')) * stretchOf(update.seed, update.replica, begin, leapfrog);
  const h = lengthFrom(step - (step % leapfrog));
  const { momentum, start, start_gradient: startGradient } = state;
  const place = placeOf(settings.place, update);
  const slope = (i: number): number =>
    of('nbeta') * gradients[i] +
    of('localization') * (w[i] - place.anchor(i)) +
    of('weightDecay') * w[i];
  let acceptance = -1;
  const begins = step % leapfrog === 0;
  if (begins) {
    const behind = lengthFrom(Math.max(0, step - leapfrog));
    const kinetic2 = w.reduce((sum, _, i) => {
      return place.sampled(i) ? sum + (momentum[i] - 0.5 * behind * slope(i)) ** 2 : sum;
    }, 0);
    acceptance = endTrajectory(update, place, kinetic2);
    const eta = noiseAt(update, streams.noise);
    scalars['kinetic2'] = 0;
    for (let i = 0; i < w.length; i++) {
      momentum[i] = place.sampled(i) ? eta[i] : 0;
      scalars['kinetic2'] += momentum[i] ** 2;
    }
    w.forEach((value, i) => (start[i] = place.sampled(i) ? value : 0));
    gradients.forEach((value, i) => (startGradient[i] = place.sampled(i) ? value : 0));
  }
  for (let i = 0; i < w.length; i++) {
    if (!place.sampled(i)) continue;
    momentum[i] -= (begins ? 0.5 * h : h) * slope(i);
    w[i] += h * momentum[i];
  }
  const zeros = whereabouts({ ...update, parameters: new Float64Array(0) }, place);
  const { loss, distance2, x, y } = scalars as Record<'loss' | 'distance2' | 'x' | 'y', number>;
  record(update, { ...zeros, loss, distance2, x, y, acceptance });
}

/** Tests the state that `w` is, and where it fails puts the trajectory's start and its gradient back. Returns the acceptance. */
function endTrajectory(update: ReferenceUpdate, place: OwnPlace, kinetic2: number): number {
  const { parameters: w, gradients, step, seed, replica, state, scalars, loss } = update;
  const of = settingsOf(update);
  const { distance2, norm2, x, y } = whereabouts(update, place);
  const arrived = { loss, distance2, norm2, x, y };
  if (step === 0) {
    Object.assign(scalars, arrived);
    return -1;
  }
  const box = of('box');
  const outside = w.some((v, i) => place.sampled(i) && Math.abs(v - place.anchor(i)) > box);
  const prior =
    of('localization') * (distance2 - scalars['distance2']) +
    of('weightDecay') * (norm2 - scalars['norm2']);
  const gap =
    of('nbeta') * (loss - scalars['loss']) + 0.5 * (prior + kinetic2 - scalars['kinetic2']);
  const possible = Number.isFinite(gap) && !(box > 0 && outside);
  const [word] = philox(seed, replica, step, 0, streams.accept, 0);
  if (possible && negativeLog(word) >= gap) {
    Object.assign(scalars, arrived);
  } else {
    for (let i = 0; i < w.length; i++) {
      if (!place.sampled(i)) continue;
      w[i] = state['start'][i];
      gradients[i] = state['start_gradient'][i];
    }
  }
  return possible ? Math.exp(Math.min(0, -gap)) : 0;
}
