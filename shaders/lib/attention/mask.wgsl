// Scores of keys j … j + 3 that query i may see, -1e30 for the others.
fn mask_row(scores: vec4f, i: u32, j: u32) -> vec4f {
  let seen = vec4u(j) + vec4u(0u, 1u, 2u, 3u) < vec4u(min(params.keys, i + params.shift + 1u));
  return select(vec4f(-1e30), scores, seen);
}

// exp(score - peak), exactly 0 where masked; NaN stays NaN. The first tile holds key 0, which every query sees, so
// peak is a true score.
fn exponential_row(scores: vec4f, peak: f32) -> vec4f {
  return select(exp_exact(scores - peak), vec4f(0.0), scores <= vec4f(-1e29));
}
