@group(0) @binding(5) var<storage, read> gradient: array<vec4f>;

fn load_gradient(at: u32, column: u32) -> vec4f {
  return gradient[(at + column) / 4u];
}
