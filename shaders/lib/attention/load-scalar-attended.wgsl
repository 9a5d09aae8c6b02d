@group(0) @binding(6) var<storage, read> attended: array<f32>;

fn load_attended(at: u32, column: u32) -> vec4f {
  let p = places(at, column);
  return select(
    vec4f(0.0),
    vec4f(attended[p.x], attended[p.y], attended[p.z], attended[p.w]),
    within(column),
  );
}
