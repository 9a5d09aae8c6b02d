// A step of mala and hmc: a gradient, and at the end of a trajectory the Metropolis test. Order of events, and what is
// recorded: src/optim/sampler/options.ts. ΔH is a sum of differences, each of like
// quantities and the loss's from the baseline, so that float32 keeps it.
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
  var sums = vec4f(share, 0.0, 0.0, 0.0); // loss, ‖w - w*‖², ‖w‖², ‖p‖²
  var outside = 0.0; // elements beyond the box, or not finite
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let four = read_four(vector);
    let kept = four.mask != vec4f();
    let p = select(vec4f(), load4(MOMENTUM, vector) - 0.5 * root * slope(four), kept);
    let w = select(vec4f(), four.w, kept);
    sums += vec4f(0.0, dot(four.offset, four.offset), dot(w, w), dot(p, p));
    let beyond = settings.y > 0.0 && any(abs(four.offset) > vec4f(settings.y));
    outside += select(0.0, 1.0, beyond || !all(finite4(four.w)));
  }
  sums = total4(sums);
  outside = total4(vec4f(outside, 0.0, 0.0, 0.0)).x;
  let more = sums - accepted;
  let change = rates.y * more.x + 0.5 * (rates.z * more.y + rates.w * more.z + more.w);
  let coin = negative_log(philox(key, vec4u(step, 0u, ACCEPT, 0u)).x);
  let possible = is_finite_bits(change) && outside == 0.0;
  let agreed = step == 0u || (possible && coin >= change);
  if (agreed) {
    accepted = sums;
  }
  let probability = select(0.0, exp(-max(change, 0.0)), possible);
  return Verdict(agreed, select(probability, -1.0, step == 0u));
}

// Fresh momenta from where the chain now stands, half a kick and a move.
fn set_out(step: u32, agreed: bool) {
  var kinetic2 = 0.0;
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    var four = read_four(vector);
    let kept = four.mask != vec4f();
    if (!agreed) {
      store4(W, vector, select(four.w, load4(START, vector), kept));
      store4(GRADIENT, vector, select(four.g, load4(START_GRADIENT, vector), kept));
      four = read_four(vector);
    }
    store4(START, vector, select(vec4f(), four.w, kept));
    store4(START_GRADIENT, vector, select(vec4f(), four.g, kept));
    add_position(vector, four);
    var p = select(vec4f(), draw4(step, vector, NOISE), kept);
    kinetic2 += dot(p, p);
    p = select(vec4f(), p - 0.5 * root * slope(four), kept);
    store4(MOMENTUM, vector, p);
    store4(W, vector, four.w + root * p);
  }
  accepted.w = total4(vec4f(kinetic2, 0.0, 0.0, 0.0)).x;
  drawing = total4(drawing);
  other.x = drawing.x;
  other.y = drawing.y;
}

// Of the trajectory that begins at `begin`.
fn set_length(begin: u32) {
  root = base.w * stretch(key, begin, params.leapfrog);
}

fn explore(step: u32) {
  let ends = step % params.leapfrog == 0u;
  let share = visit_target(step, ends);
  sync();
  if (ends) {
    let row = step % params.row_every == 0u;
    set_length(max(step, params.leapfrog) - params.leapfrog);
    let verdict = judge(step, share);
    clear_sums();
    set_length(step);
    set_out(step, verdict.accepted);
    if (row) {
      moves = total4(moves);
      write_row(step, loss_bits(accepted.x), verdict.probability, 0.0);
    }
  } else {
    leap(step);
  }
  sync();
}
