// Target: Σ_s weight_s ‖f(x_s) - y_s‖² of a fully connected network without an activation after its last layer. With BASIS the
// inputs are the basis vectors and all weights 1: a linear network's ‖W_L … W_1 - T‖². BATCH samples are visited together; the
// outputs of all layers [rows, BATCH] lie in SCRATCH and turn, layer by layer, into the loss's gradients by them.
//
// Facts: layers, samples, where inputs [S, n_0], targets [S, n_L] and weights [S] begin; then a layer's fan in, fan out, where
// its weights and its biases lie in the flat buffer, and its first row.

override ACTIVATION: u32 = 0u; // 0 none, 1 relu, 2 tanh
override BIASES: bool = false;
override BASIS: bool = false;
override BATCH: u32 = 1u;
override SIDE: u32 = 1u; // members side by side on an inner axis, TEAM / SIDE on an outer one

struct Layer {
  fan_in: u32,
  fan_out: u32,
  weights: u32,
  biases: u32,
  row: u32,
}

fn layer_of(l: u32) -> Layer {
  let at = 5u + 5u * l;
  return Layer(facts[at], facts[at + 1u], facts[at + 2u], facts[at + 3u], facts[at + 4u]);
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
    return sum + dot_inputs(row, CHAINS, facts[2] + (first + b) * layer.fan_in, 1u, layer.fan_in);
  }
  let before = place(PLANES, (layer.row - layer.fan_in) * BATCH + b);
  return sum + dot_rows(row, CHAINS, before, BATCH * CHAINS, layer.fan_in);
}

// Outputs of a layer; of the last one the gradient by them. Returns this member's share of the loss.
fn go_forward(l: u32, first: u32, count: u32) -> f32 {
  let layer = layer_of(l);
  let last = l + 1u == facts[0];
  var loss = 0.0;
  for (var j = member / SIDE; j < layer.fan_out; j += TEAM / SIDE) {
    for (var b = member % SIDE; b < count; b += SIDE) {
      var value = output_of(l, layer, j, first, b);
      if (last) {
        let residual = value - fact(facts[3] + (first + b) * layer.fan_out + j);
        var weight = 1.0;
        if (!BASIS) {
          weight = fact(facts[4] + first + b);
        }
        loss += weight * residual * residual;
        value = 2.0 * weight * residual;
      } else {
        value = activate(value);
      }
      store(PLANES, (layer.row + j) * BATCH + b, value);
    }
  }
  return loss;
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
      if (l == 0u) {
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
  let samples = facts[1];
  var loss = 0.0;
  for (var first = 0u; first < samples; first += BATCH) {
    let count = min(BATCH, samples - first);
    for (var l = 0u; l < layers; l++) {
      loss += go_forward(l, first, count);
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
