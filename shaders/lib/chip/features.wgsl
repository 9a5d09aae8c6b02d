// Target: the toy model of superposition (Elhage et al., arXiv 2209.10652) on a batch of B samples drawn anew at every step,
// L = 1/B Σ_s Σ_i importance_i (x_i - relu(Wᵀ W x + b)_i)²; x_i is 0, or with probability `density` uniform in (0, 1). Which features
// are on takes the counters (step, block, FEATURES, 0) from block 0, element s·n + i of [B, n]; their values those behind them.
// Twin: src/nn/toy-model.ts.
//
// W is [m, n]. BATCH samples, a multiple of four, are visited together: rows x [n], h = W x [m], the gradient by the ReLU's argument
// [n] and W times that [m], each [rows, BATCH], lie in SCRATCH.
//
// Facts: features n, hidden units m, samples B, where b begins, where densities and importances [n] begin, densities a replica has of
// its own (0 or 1), first block of the values.

override BATCH: u32 = 4u;

const FEATURES = 12u; // src/random/streams.ts

fn scratch_at(row: u32, b: u32) -> u32 {
  return row * BATCH + b;
}

fn draw_features(step: u32, begin: u32, count: u32) {
  let features = facts[0];
  let density = fact(facts[4] + facts[6] * chain);
  let last = (begin + count) * features;
  for (var block = begin * features / 4u + member; 4u * block < last; block += TEAM) {
    let on = philox(key, vec4u(step, block, FEATURES, 0u));
    let values = philox(key, vec4u(step, facts[7] + block, FEATURES, 0u));
    for (var k = 0u; k < min(4u, last - 4u * block); k++) {
      let element = 4u * block + k;
      let x = select(0.0, uniform01(values[k]), uniform01(on[k]) < density);
      store(PLANES, scratch_at(element % features, element / features - begin), x);
    }
  }
}

// Σ_i W_ki · (row `rows` + i of scratch) for all hidden units, into rows from `to`.
fn apply_weights(rows: u32, to: u32, count: u32) {
  let features = facts[0];
  for (var unit = member; unit < facts[1] * count; unit += TEAM) {
    let k = unit / count;
    let b = unit % count;
    var sum = 0.0;
    for (var i = 0u; i < features; i++) {
      sum += load(W, k * features + i) * load(PLANES, scratch_at(rows + i, b));
    }
    store(PLANES, scratch_at(to + k, b), sum);
  }
}

// Outputs, of which the gradient by the ReLU's argument is kept. Returns this member's share of Σ importance·residual².
fn reconstruct(count: u32) -> f32 {
  let features = facts[0];
  let hidden = facts[1];
  var loss = 0.0;
  for (var unit = member; unit < features * count; unit += TEAM) {
    let i = unit / count;
    let b = unit % count;
    var z = load(W, facts[3] + i);
    for (var k = 0u; k < hidden; k++) {
      z += load(W, k * features + i) * load(PLANES, scratch_at(features + k, b));
    }
    let residual = unless_nan(z, max(z, 0.0)) - load(PLANES, scratch_at(i, b));
    let weighted = fact(facts[5] + i) * residual;
    loss += weighted * residual;
    let slope = select(0.0, 2.0 / f32(facts[2]), z > 0.0);
    store(PLANES, scratch_at(features + hidden + i, b), slope * weighted);
  }
  return loss;
}

fn add_to_gradient(at: u32, value: f32, begin: u32) {
  store(GRADIENT, at, select(0.0, load(GRADIENT, at), begin > 0u) + value);
}

fn collect(begin: u32, count: u32) {
  let features = facts[0];
  let hidden = facts[1];
  let slopes = features + hidden;
  for (var unit = member; unit < features * hidden; unit += TEAM) {
    let k = unit / features;
    let i = unit % features;
    var sum = 0.0;
    for (var b = 0u; b < count; b++) {
      sum += load(PLANES, scratch_at(features + k, b)) * load(PLANES, scratch_at(slopes + i, b));
      sum += load(PLANES, scratch_at(slopes + features + k, b)) * load(PLANES, scratch_at(i, b));
    }
    add_to_gradient(unit, sum, begin);
  }
  for (var i = member; i < features; i += TEAM) {
    var sum = 0.0;
    for (var b = 0u; b < count; b++) {
      sum += load(PLANES, scratch_at(slopes + i, b));
    }
    add_to_gradient(facts[3] + i, sum, begin);
  }
}

// Writes the gradient's plane; returns this member's share of the loss.
fn visit_target(step: u32, wanted: bool) -> f32 {
  let features = facts[0];
  let slopes = features + facts[1];
  let samples = facts[2];
  var loss = 0.0;
  for (var begin = 0u; begin < samples; begin += BATCH) {
    let count = min(BATCH, samples - begin);
    draw_features(step, begin, count);
    sync();
    apply_weights(0u, features, count);
    sync();
    loss += reconstruct(count);
    sync();
    apply_weights(slopes, slopes + features, count);
    sync();
    collect(begin, count);
    sync();
  }
  return loss / f32(samples);
}
