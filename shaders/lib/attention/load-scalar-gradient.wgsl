@group(0) @binding(5) var<storage, read> gradient: array<f32>;

fn load_gradient(at: u32, column: u32) -> vec4f {
  let p = places(at, column);
  return select(
    vec4f(0.0),
    vec4f(gradient[p.x], gradient[p.y], gradient[p.z], gradient[p.w]),
    within(column),
  );
}
