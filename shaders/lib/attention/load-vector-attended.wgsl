@group(0) @binding(6) var<storage, read> attended: array<vec4f>;

fn load_attended(at: u32, column: u32) -> vec4f {
  return attended[(at + column) / 4u];
}
