// Training steps of a network inside one dispatch: from storage into the chip's memory, steps clock[0] … of at most clock[2] and
// before clock[1], back. The updates are those of shaders/optim/sgd.wgsl, sgd-momentum.wgsl and adamw.wgsl, in their order of
// operations; what a step is told of the loss and when it counts as diverged:
//
//   A row holds loss and accuracy before the step's update. Once a parameter or a loss is not finite the replica's rows hold
//   infinity for ever and it stands still; parameters are looked at wherever a row or a dispatch begins.
#include "lib/chip/memory.wgsl"

override RULE: u32 = 0u; // 0 sgd, 1 with momentum, 2 in Nesterov's form, 3 adamw
override MASKED: bool = false;
override CLIPPED: bool = false;

const FIRST_MOMENT = 2u; // planes; of sgd the momentum
const SECOND_MOMENT = 3u;
const INFINITE = 0x7f800000u;

struct Params {
  replicas: u32,
  row_every: u32,
  capacity: u32, // rows of the ring
  columns: u32, // of a row
  loss_column: u32, // at or above `columns`: not recorded
  accuracy_column: u32,
  mask_stride: u32, // vec4s of `mask` a replica; 0 where all share one
  schedule_length: u32,
  correction_length: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// [step, end, steps of a dispatch, 0, seed of replica 0, its lane, …]
@group(0) @binding(1) var<storage, read> clock: array<u32>;
// [R, 1] of (lr, momentum, weight decay, clip), or [R, 2] of (lr, β₁, β₂, ε), (weight decay, l2, clip, pair of betas).
@group(0) @binding(2) var<storage, read> hyper: array<vec4f>;
@group(0) @binding(3) var<storage, read> mask: array<vec4f>; // [P / 4] or [R, P / 4]
@group(0) @binding(4) var<storage, read> facts: array<u32>; // what the target is made of; see its file
@group(0) @binding(5) var<storage, read_write> parameters: array<vec4f>; // [R, P / 4]
@group(0) @binding(6) var<storage, read_write> state: array<vec4f>; // [R, PLANES - 2, P / 4]
@group(0) @binding(7) var<storage, read_write> ring: array<u32>; // [capacity, columns, R]
// Learning-rate factors, then bias corrections [pairs, correction_length, 2].
@group(0) @binding(8) var<storage, read> factors: array<f32>;

var<private> first: vec4f; // hyperparameters
var<private> second: vec4f;
var<private> spoiled: f32; // elements found not finite so far, this member's
var<private> lost: bool;

fn load_network() {
  key = vec2u(clock[4u + 2u * chain], clock[5u + 2u * chain]);
  let own = select(1u, 2u, RULE == 3u);
  first = hyper[own * chain];
  second = hyper[own * chain + own - 1u];
  let vectors = STRIDE / 4u;
  for (var vector = member; vector < vectors; vector += TEAM) {
    let w = parameters[chain * vectors + vector];
    spoiled += select(1.0, 0.0, all(finite4(w)));
    store4(W, vector, w);
    store4(GRADIENT, vector, vec4f());
    for (var plane = 2u; plane < PLANES; plane++) {
      store4(plane, vector, state[(chain * (PLANES - 2u) + plane - 2u) * vectors + vector]);
    }
  }
}

fn save_network() {
  if (!counted) {
    return;
  }
  let vectors = STRIDE / 4u;
  for (var vector = member; vector < vectors; vector += TEAM) {
    parameters[chain * vectors + vector] = load4(W, vector);
    for (var plane = 2u; plane < PLANES; plane++) {
      state[(chain * (PLANES - 2u) + plane - 2u) * vectors + vector] = load4(plane, vector);
    }
  }
}

fn kept_at(vector: u32) -> vec4<bool> {
  if (MASKED) {
    return mask[chain * params.mask_stride + vector] != vec4f();
  }
  return vec4<bool>(true);
}

// Σ g² of this member's elements, sixteen at a time, so that long sums round no more than short ones.
fn squares_of() -> f32 {
  let vectors = STRIDE / 4u;
  var sum = vec4f();
  for (var start = member; start < vectors; start += 16u * TEAM) {
    var part = vec4f();
    for (var vector = start; vector < min(vectors, start + 16u * TEAM); vector += TEAM) {
      let g = select(vec4f(), load4(GRADIENT, vector), kept_at(vector));
      part += g * g;
    }
    sum += part;
  }
  return (sum.x + sum.y) + (sum.z + sum.w);
}

fn descend(vector: u32, clip: f32, rate: f32, kept: vec4<bool>) -> vec4f {
  let theta = load4(W, vector);
  let g = clip * load4(GRADIENT, vector) + first.z * theta;
  var direction = g;
  if (RULE > 0u) {
    let momentum = select(vec4f(), first.y * load4(FIRST_MOMENT, vector) + g, kept);
    store4(FIRST_MOMENT, vector, momentum);
    direction = momentum;
    if (RULE == 2u) {
      direction = g + first.y * momentum;
    }
  }
  return theta - rate * direction;
}

fn adapt(vector: u32, clip: f32, rate: f32, corrections: vec2f, kept: vec4<bool>) -> vec4f {
  let theta = load4(W, vector);
  let g = clip * load4(GRADIENT, vector) + second.y * theta;
  let m = first.y * load4(FIRST_MOMENT, vector) + (1.0 - first.y) * g;
  let v = first.z * load4(SECOND_MOMENT, vector) + (1.0 - first.z) * (g * g);
  store4(FIRST_MOMENT, vector, select(vec4f(), m, kept));
  store4(SECOND_MOMENT, vector, select(vec4f(), v, kept));
  let adam = (m * corrections.x) / (sqrt(v) * corrections.y + first.w);
  return theta - rate * (second.x * theta + adam);
}

fn move_network(step: u32, squares: f32) {
  let most = select(first.w, second.z, RULE == 3u);
  var clip = 1.0;
  if (CLIPPED && most > 0.0) {
    clip = min(1.0, most / (sqrt(squares) + 1e-6));
  }
  let rate = first.x * factors[min(step, params.schedule_length - 1u)];
  var corrections = vec2f(1.0);
  if (RULE == 3u) {
    let length = params.correction_length;
    let at = params.schedule_length + 2u * (u32(second.w) * length + min(step, length - 1u));
    corrections = vec2f(factors[at], factors[at + 1u]);
  }
  for (var vector = member; vector < STRIDE / 4u; vector += TEAM) {
    let kept = kept_at(vector);
    var next: vec4f;
    if (RULE == 3u) {
      next = adapt(vector, clip, rate, corrections, kept);
    } else {
      next = descend(vector, clip, rate, kept);
    }
    spoiled += select(1.0, 0.0, all(finite4(next)));
    store4(W, vector, select(vec4f(), next, kept));
  }
}

fn write_row(step: u32, loss: f32, accuracy: f32) {
  if (member > 0u || !counted) {
    return;
  }
  let n = params.replicas;
  let at = ((step / params.row_every) % params.capacity) * params.columns * n + chain;
  if (params.loss_column < params.columns) {
    ring[at + params.loss_column * n] = select(bitcast<u32>(loss), INFINITE, lost);
  }
  if (params.accuracy_column < params.columns) {
    ring[at + params.accuracy_column * n] = select(bitcast<u32>(accuracy), INFINITE, lost);
  }
}

fn train(step: u32) {
  let row = step % params.row_every == 0u;
  let share = visit_target(step, row);
  sync();
  var sums = vec4f(share, correct, spoiled, 0.0);
  if (CLIPPED) {
    sums.w = squares_of();
  }
  if (row || CLIPPED) {
    sums = total4(sums);
    lost = lost || sums.z > 0.0 || !is_finite_bits(sums.x);
  }
  if (row) {
    write_row(step, sums.x, sums.y);
  }
  if (!lost) {
    move_network(step, sums.w);
  }
  sync();
}

fn run_training(group: u32, local: u32) {
  join_team(local);
  let wanted = group * CHAINS + slot;
  counted = wanted < params.replicas;
  chain = min(wanted, params.replicas - 1u);
  load_network();
  lost = total4(vec4f(spoiled)).x > 0.0;
  sync();
  let begin = clock[0];
  let end = min(clock[1], begin + clock[2]);
  for (var step = begin; step < end; step++) {
    train(step);
  }
  save_network();
}
