// Target: L(w) = ½ Σ h_i w_i²; the gradient gets σ_g·ξ per element. Facts: variables, σ_g, then h padded with
// zeros to whole vec4s.

// Writes the gradient's plane; returns this member's share of the loss less the baseline.
fn visit_target(step: u32, wanted: bool) -> f32 {
  let variables = facts[0];
  let noise = fact(1u);
  var loss = 0.0;
  for (var vector = member; 4u * vector < variables; vector += TEAM) {
    let w = load4(W, vector);
    let at = 2u + 4u * vector;
    let h = vec4f(fact(at), fact(at + 1u), fact(at + 2u), fact(at + 3u));
    var g = h * w;
    loss += 0.5 * dot(g, w);
    if (noise != 0.0) {
      g += noise * draw4(step, vector, GRADIENT_NOISE);
    }
    store4(GRADIENT, vector, g);
  }
  return less_baseline(loss);
}
