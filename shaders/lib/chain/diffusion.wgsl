// A step of the methods that accept every move: sgld, rmsprop-sgld, sgnht and sghmc. Formulas and what is recorded:
// src/optim/sampler/options.ts.
#include "lib/chain/elements.wgsl"
#include "lib/chain/acceptance.wgsl"

// sgld and rmsprop-sgld: moves of w. Overdamped, no momentum.
fn drift(vector: u32, four: Four, eta: vec4f, row: bool) -> vec4f {
  let kept = four.mask != vec4f();
  var rate = vec4f(0.5 * rates.x);
  var spread = vec4f(settings.x);
  if (METHOD == 1u) {
    let squares = settings.z * load4(MOMENTUM, vector) + (1.0 - settings.z) * four.g * four.g;
    store4(MOMENTUM, vector, select(vec4f(), squares, kept));
    let precondition = 1.0 / (sqrt(squares) + settings.w);
    rate *= precondition;
    spread *= sqrt(precondition);
  }
  let by_gradient = select(vec4f(), -rate * (rates.y * four.g), kept);
  let by_prior = select(vec4f(), -rate * four.pull, kept);
  let by_noise = select(vec4f(), spread * eta, kept);
  if (row) {
    add_moves(by_gradient, by_prior, by_noise);
  }
  return four.w + ((by_gradient + by_prior) + by_noise);
}

// sgnht and sghmc: moves of p.
fn kick(vector: u32, four: Four, eta: vec4f, row: bool) -> vec4f {
  let kept = four.mask != vec4f();
  let by_gradient = select(vec4f(), -rates.x * (rates.y * four.g), kept);
  let by_prior = select(vec4f(), -rates.x * four.pull, kept);
  let by_noise = select(vec4f(), settings.x * eta, kept);
  if (row) {
    add_moves(by_gradient, by_prior, by_noise);
  }
  let p = load4(MOMENTUM, vector);
  let friction = select(settings.z, other.z, METHOD == 2u);
  return (p + ((by_gradient + by_prior) + by_noise)) - friction * p;
}

// p and w of sgnht and sghmc; a box reflects. What is not finite passes, so that the chain stays lost.
fn glide(vector: u32, four: Four, eta: vec4f, row: bool) -> vec4f {
  var p = kick(vector, four, eta, row);
  crossings.w += dot(p, p);
  var w = four.w + p;
  if (settings.y > 0.0) {
    let low = four.anchor - settings.y;
    let high = four.anchor + settings.y;
    let mirrored = clamp(2.0 * clamp(w, low, high) - w, low, high);
    let hit = finite4(w) & (abs(w - four.anchor) > vec4f(settings.y));
    w = select(w, mirrored, hit);
    p = select(p, -p, hit);
  }
  store4(MOMENTUM, vector, p);
  return w;
}

// w of sgld and rmsprop-sgld; a box clamps.
fn walk(vector: u32, four: Four, eta: vec4f, row: bool) -> vec4f {
  let w = drift(vector, four, eta, row);
  if (settings.y > 0.0) {
    return select(w, clamp(w, four.anchor - settings.y, four.anchor + settings.y), finite4(w));
  }
  return w;
}

fn move_four(vector: u32, four: Four, eta: vec4f, row: bool) -> vec4f {
  if (METHOD >= 2u) {
    return glide(vector, four, eta, row);
  }
  return walk(vector, four, eta, row);
}

// p₀ = √ε·η₀, ξ₀ = A.
fn begin_momentum() {
  other.z = settings.z;
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let kept = read_four(vector).mask != vec4f();
    store4(MOMENTUM, vector, select(vec4f(), root * draw4(0u, vector, FIRST_MOMENTUM), kept));
  }
}

fn diffuse(step: u32) {
  let row = step % params.row_every == 0u;
  if (METHOD >= 2u && step == 0u) {
    begin_momentum();
  }
  let share = visit_target(step, row || visits_acceptance(step));
  sync();
  clear_sums();
  drawing.z = share;
  var acceptance = -1.0;
  if (params.acceptance_every > 0u) {
    acceptance = measure_acceptance(step, share);
  }
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let four = read_four(vector);
    let kept = four.mask != vec4f();
    if (row) {
      add_position(vector, four);
    }
    let next = move_four(vector, four, draw4(step, vector, NOISE), row);
    store4(W, vector, select(four.w, next, kept));
  }
  var kinetic = 0.0;
  if (METHOD == 2u || (METHOD == 3u && row)) {
    let mean = total4(crossings).w / base.z;
    kinetic = mean / rates.x;
    if (METHOD == 2u) {
      other.z += mean - rates.x;
    }
  }
  if (row) {
    moves = total4(moves);
    crossings = total4(crossings);
    drawing = total4(drawing);
    write_row(step, loss_bits(drawing.z), acceptance, kinetic);
  }
  sync();
}
