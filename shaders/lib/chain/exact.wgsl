// A step of mala and hmc: a gradient, and at the end of a trajectory the Metropolis test. Order of events, and what is
// recorded: src/optim/sampler/options.ts. Energies are differences from the baseline's, so that f32 keeps ΔH.
#include "lib/chain/elements.wgsl"

fn slope(four: Four) -> vec4f {
  return rates.y * four.g + four.pull;
}

fn leap(step: u32) {
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let four = read_four(vector);
    let kept = four.mask != vec4f();
    let p = select(vec4f(), load4(MOMENTUM, vector) - root * slope(four), kept);
    store4(MOMENTUM, vector, p);
    store4(W, vector, four.w + root * p);
  }
}

struct Verdict {
  accepted: bool,
  probability: f32,
}

// The test of what ended here. A chain's first state is accepted as it is.
fn judge(step: u32, share: f32) -> Verdict {
  var sums = vec4f(share, 0.0, 0.0, 0.0); // loss, prior, kinetic energy, elements outside the box or not finite
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let four = read_four(vector);
    let kept = four.mask != vec4f();
    let p = select(vec4f(), load4(MOMENTUM, vector) - 0.5 * root * slope(four), kept);
    let w = select(vec4f(), four.w, kept);
    let outside = settings.y > 0.0 && any(abs(four.offset) > vec4f(settings.y));
    let prior = rates.z * dot(four.offset, four.offset) + rates.w * dot(w, w);
    sums += vec4f(0.0, 0.5 * prior, 0.5 * dot(p, p), select(0.0, 1.0, outside || !finite4(w)));
  }
  sums = total4(sums);
  let excess = (sums.x - base.x) - base.y;
  let potential = rates.y * excess + sums.y;
  let change = (potential - start_potential) + (sums.z - start_kinetic);
  let coin = negative_log(philox(key, vec4u(step, 0u, ACCEPT, 0u)).x);
  let possible = is_finite_bits(change) && sums.w == 0.0;
  let accepted = step == 0u || (possible && coin >= change);
  if (accepted) {
    start_potential = potential;
    start_loss = excess;
  }
  let probability = select(0.0, exp(-max(change, 0.0)), possible);
  return Verdict(accepted, select(probability, -1.0, step == 0u));
}

// Fresh momenta from where the chain now stands, half a kick and a move.
fn set_out(step: u32, accepted: bool, row: bool) {
  var kinetic = 0.0;
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    if (!accepted) {
      store4(W, vector, load4(START, vector));
      store4(GRADIENT, vector, load4(START_GRADIENT, vector));
    }
    let four = read_four(vector);
    let kept = four.mask != vec4f();
    store4(START, vector, four.w);
    store4(START_GRADIENT, vector, select(vec4f(), four.g, kept));
    if (row) {
      add_position(vector, four.offset);
      drawing.w += select(1.0, 0.0, finite4(four.w));
    }
    var p = select(vec4f(), draw4(step, vector, NOISE), kept);
    kinetic += 0.5 * dot(p, p);
    p = select(vec4f(), p - 0.5 * root * slope(four), kept);
    store4(MOMENTUM, vector, p);
    store4(W, vector, four.w + root * p);
  }
  start_kinetic = total4(vec4f(kinetic, 0.0, 0.0, 0.0)).x;
}

fn explore(step: u32) {
  let ends = step % params.leapfrog == 0u;
  let share = visit_target(step, ends);
  sync();
  if (ends) {
    let row = step % params.row_every == 0u;
    let verdict = judge(step, share);
    clear_sums();
    set_out(step, verdict.accepted, row);
    if (row) {
      moves = total4(moves);
      drawing = total4(drawing);
      let bad = drawing.w > 0.0 || !is_finite_bits(start_loss);
      write_row(step, start_loss, verdict.probability, 0.0, bad);
    }
  } else {
    leap(step);
  }
  sync();
}
