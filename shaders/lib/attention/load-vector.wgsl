// Query, key, value and output as vec4s: depth, offsets and strides are multiples of 4.
@group(0) @binding(1) var<storage, read> query: array<vec4f>;
@group(0) @binding(2) var<storage, read> key: array<vec4f>;
@group(0) @binding(3) var<storage, read> value: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> output: array<vec4f>;

fn load_query(at: u32, column: u32) -> vec4f {
  return query[(at + column) / 4u];
}

fn load_key(at: u32, column: u32) -> vec4f {
  return key[(at + column) / 4u];
}

fn load_value(at: u32, column: u32) -> vec4f {
  return value[(at + column) / 4u];
}

fn store_output(at: u32, column: u32, values: vec4f) {
  output[(at + column) / 4u] = values;
}

// Four elements that are no row of a head.
fn store_four(at: u32, values: vec4f) {
  output[at / 4u] = values;
}
