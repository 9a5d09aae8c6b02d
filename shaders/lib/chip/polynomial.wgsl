// Target: L(w) = Σ coefficient · ∏ w_i^power. Facts: variables, terms, then per term its coefficient and a power a variable.

fn whole_power(x: f32, power: u32) -> f32 {
  var product = 1.0;
  for (var k = 0u; k < power; k++) {
    product *= x;
  }
  return product;
}

// Writes the gradient's plane; returns this member's share of the loss less the baseline.
fn visit_target(step: u32, wanted: bool) -> f32 {
  let variables = facts[0];
  let terms = facts[1];
  for (var i = member; i < variables; i += TEAM) {
    var sum = 0.0;
    for (var term = 0u; term < terms; term++) {
      let at = 2u + term * (1u + variables);
      let power = facts[at + 1u + i];
      if (power > 0u) {
        var part = fact(at) * f32(power) * whole_power(load(W, i), power - 1u);
        for (var j = 0u; j < variables; j++) {
          if (j != i) {
            part *= whole_power(load(W, j), facts[at + 1u + j]);
          }
        }
        sum += part;
      }
    }
    store(GRADIENT, i, sum);
  }
  var loss = 0.0;
  if (wanted) {
    for (var term = member; term < terms; term += TEAM) {
      let at = 2u + term * (1u + variables);
      var part = fact(at);
      for (var j = 0u; j < variables; j++) {
        part *= whole_power(load(W, j), facts[at + 1u + j]);
      }
      loss += part;
    }
  }
  return less_baseline(loss);
}
