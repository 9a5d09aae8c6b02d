// Target: Σ_s weight_s ‖f(x_s) - y_s‖² of a fully connected network without an activation after its last layer, or with LABELS
// Σ_s weight_s of the cross-entropy of its outputs and a label. With BASIS the inputs are the basis vectors and all weights 1: a
// linear network's ‖W_L … W_1 - T‖². With DRAWN a step visits rows drawn with replacement, as randomIntegers of src/ops/random.ts
// draws them. BATCH samples are visited together; the outputs of all layers [rows, BATCH] lie in SCRATCH and turn, layer by layer,
// into the loss's gradients by them; behind them, with DRAWN, the samples' numbers.
//
// Facts: layers, samples, where inputs [S, n_0], targets [S, n_L] or labels [S], and weights [S] begin, rows drawn, words of
// targets a chain of its own has (0: all have the same); then a layer's fan in, fan out, where its weights and its biases lie in the
// flat buffer, and its first row.

override ACTIVATION: u32 = 0u; // 0 none, 1 relu, 2 tanh
override BIASES: bool = false;
override BASIS: bool = false;
override LABELS: bool = false;
override DRAWN: bool = false;
override BATCH: u32 = 1u;
override SIDE: u32 = 1u; // members side by side on an inner axis, TEAM / SIDE on an outer one

const BATCHES = 3u; // src/random/streams.ts

struct Layer {
  fan_in: u32,
  fan_out: u32,
  weights: u32,
  biases: u32,
  row: u32,
}

fn layer_of(l: u32) -> Layer {
  let at = 7u + 5u * l;
  return Layer(facts[at], facts[at + 1u], facts[at + 2u], facts[at + 3u], facts[at + 4u]);
}

// Number of sample b of those visited together, the first of which is row `first`.
fn sample_of(first: u32, b: u32) -> u32 {
  if (DRAWN) {
    return u32(load(PLANES, SCRATCH - BATCH + b)); // exact: less than 2^24 samples
  }
  return first + b;
}

fn draw_samples(step: u32, first: u32, count: u32) {
  for (var b = member; b < count; b += TEAM) {
    let row = first + b;
    let words = philox(key, vec4u(step, row / 4u, BATCHES, 0u));
    store(PLANES, SCRATCH - BATCH + b, f32(multiply_high(words[row % 4u], facts[1])));
  }
}

fn weight_of(sample: u32) -> f32 {
  if (BASIS) {
    return 1.0;
  }
  let weight = fact(facts[4] + sample);
  if (DRAWN) {
    return weight * (f32(facts[1]) / f32(facts[5]));
  }
  return weight;
}

// Σ of n products along two strided rows of memory.
fn dot_rows(a: u32, a_step: u32, b: u32, b_step: u32, n: u32) -> f32 {
  var sum = 0.0;
  var left = a;
  var right = b;
  for (var k = 0u; k < n; k++) {
    sum += memory[left] * memory[right];
    left += a_step;
    right += b_step;
  }
  return sum;
}

// The same with a row of facts, the inputs, for the right one.
fn dot_inputs(a: u32, a_step: u32, at: u32, step: u32, n: u32) -> f32 {
  var sum = 0.0;
  var left = a;
  var right = at;
  for (var k = 0u; k < n; k++) {
    sum += memory[left] * fact(right);
    left += a_step;
    right += step;
  }
  return sum;
}

fn activate(z: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return max(z, 0.0); }
    case 2u: { return tanh_safe(z); }
    default: { return z; }
  }
}

// Derivative where the output is a.
fn activation_slope(a: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return select(0.0, 1.0, a > 0.0); }
    case 2u: { return (1.0 - a) * (1.0 + a); }
    default: { return 1.0; }
  }
}

fn output_of(l: u32, layer: Layer, j: u32, first: u32, b: u32) -> f32 {
  let weights = layer.weights + j * layer.fan_in;
  if (BASIS && l == 0u) {
    return load(W, weights + first + b);
  }
  var sum = 0.0;
  if (BIASES) {
    sum = load(W, layer.biases + j);
  }
  let row = place(W, weights);
  if (l == 0u) {
    let at = facts[2] + sample_of(first, b) * layer.fan_in;
    return sum + dot_inputs(row, CHAINS, at, 1u, layer.fan_in);
  }
  let before = place(PLANES, (layer.row - layer.fan_in) * BATCH + b);
  return sum + dot_rows(row, CHAINS, before, BATCH * CHAINS, layer.fan_in);
}

// Outputs of a layer; of the last one, unless there are labels, the gradient by them. Returns this member's share of the loss.
fn go_forward(l: u32, first: u32, count: u32) -> f32 {
  let layer = layer_of(l);
  let last = l + 1u == facts[0];
  var loss = 0.0;
  for (var j = member / SIDE; j < layer.fan_out; j += TEAM / SIDE) {
    for (var b = member % SIDE; b < count; b += SIDE) {
      var value = output_of(l, layer, j, first, b);
      if (last && !LABELS) {
        let sample = sample_of(first, b);
        let residual = value - fact(facts[3] + facts[6] * chain + sample * layer.fan_out + j);
        let weight = weight_of(sample);
        loss += weight * residual * residual;
        value = 2.0 * weight * residual;
      } else if (!last) {
        value = unless_nan(value, activate(value));
      }
      store(PLANES, (layer.row + j) * BATCH + b, value);
    }
  }
  return loss;
}

// Cross-entropy of the outputs of the last layer, l, which turn into the gradient by them: as lib/rows/cross-entropy.wgsl, with margins
// l_j - l_y of the wrong classes; NaN where a logit is not finite. Returns this member's share.
fn compare_labels(l: u32, first: u32, count: u32) -> f32 {
  let layer = layer_of(l);
  var loss = 0.0;
  for (var b = member; b < count; b += TEAM) {
    let sample = sample_of(first, b);
    let label = facts[facts[3] + sample];
    let weight = weight_of(sample);
    let logits = layer.row * BATCH + b;
    let right = load(PLANES, logits + label * BATCH);
    var margin = -1e30;
    var finite = true;
    for (var j = 0u; j < layer.fan_out; j++) {
      let logit = load(PLANES, logits + j * BATCH);
      finite = finite && is_finite_bits(logit);
      margin = select(max(margin, logit - right), margin, j == label);
    }
    let shift = max(margin, 0.0);
    var wrong = 0.0;
    for (var j = 0u; j < layer.fan_out; j++) {
      let mass = mass_of(load(PLANES, logits + j * BATCH) - right, shift);
      wrong += select(mass, 0.0, j == label);
      store(PLANES, logits + j * BATCH, mass);
    }
    let own = mass_of(0.0, shift);
    let factor = weight / (wrong + own);
    for (var j = 0u; j < layer.fan_out; j++) {
      let at = logits + j * BATCH;
      var part = -wrong;
      if (j != label) {
        part = load(PLANES, at);
      }
      store(PLANES, at, factor * part);
    }
    loss += weight * unless_lost(!finite, loss_of_masses(shift, wrong, own));
    correct += select(0.0, weight, finite && margin < 0.0);
  }
  return loss;
}

fn mass_of(margin: f32, shift: f32) -> f32 {
  return exp_exact(vec4f(clamp(margin - shift, -104.0, 0.0))).x;
}

// The gradient by a layer's parameters, from that by its outputs.
fn collect(l: u32, first: u32, count: u32) {
  let layer = layer_of(l);
  for (var j = member / SIDE; j < layer.fan_out; j += TEAM / SIDE) {
    let outputs = (layer.row + j) * BATCH;
    let weights = layer.weights + j * layer.fan_in;
    if (BASIS && l == 0u) {
      for (var b = member % SIDE; b < count; b += SIDE) {
        store(GRADIENT, weights + first + b, load(PLANES, outputs + b));
      }
      continue;
    }
    let row = place(PLANES, outputs);
    for (var k = member % SIDE; k < layer.fan_in; k += SIDE) {
      var sum = 0.0;
      if (l == 0u && DRAWN) {
        for (var b = 0u; b < count; b++) {
          let input = fact(facts[2] + sample_of(first, b) * layer.fan_in + k);
          sum += memory[row + b * CHAINS] * input;
        }
      } else if (l == 0u) {
        sum = dot_inputs(row, CHAINS, facts[2] + first * layer.fan_in + k, layer.fan_in, count);
      } else {
        let before = place(PLANES, (layer.row - layer.fan_in + k) * BATCH);
        sum = dot_rows(row, CHAINS, before, CHAINS, count);
      }
      if (first > 0u) {
        sum += load(GRADIENT, weights + k);
      }
      store(GRADIENT, weights + k, sum);
    }
    if (BIASES && member % SIDE == 0u) {
      var sum = 0.0;
      for (var b = 0u; b < count; b++) {
        sum += load(PLANES, outputs + b);
      }
      if (first > 0u) {
        sum += load(GRADIENT, layer.biases + j);
      }
      store(GRADIENT, layer.biases + j, sum);
    }
  }
}

// The gradient by the outputs of the layer before, in their place.
fn go_back(l: u32, count: u32) {
  let layer = layer_of(l);
  let rows = layer.row - layer.fan_in;
  for (var k = member / SIDE; k < layer.fan_in; k += TEAM / SIDE) {
    for (var b = member % SIDE; b < count; b += SIDE) {
      let column = place(W, layer.weights + k);
      let outputs = place(PLANES, layer.row * BATCH + b);
      let sum = dot_rows(column, layer.fan_in * CHAINS, outputs, BATCH * CHAINS, layer.fan_out);
      let at = (rows + k) * BATCH + b;
      store(PLANES, at, sum * activation_slope(load(PLANES, at)));
    }
  }
}

// Writes the gradient's plane; returns this member's share of the loss less the baseline.
fn visit_target(step: u32, wanted: bool) -> f32 {
  let layers = facts[0];
  let rows = select(facts[1], facts[5], DRAWN);
  var loss = 0.0;
  correct = 0.0;
  for (var first = 0u; first < rows; first += BATCH) {
    let count = min(BATCH, rows - first);
    if (DRAWN) {
      draw_samples(step, first, count);
      sync();
    }
    for (var l = 0u; l < layers; l++) {
      loss += go_forward(l, first, count);
      sync();
    }
    if (LABELS) {
      loss += compare_labels(layers - 1u, first, count);
      sync();
    }
    for (var l = layers; l > 0u; l--) {
      collect(l - 1u, first, count);
      sync();
      if (l > 1u) {
        go_back(l - 1u, count);
        sync();
      }
    }
  }
  return less_baseline(loss);
}
