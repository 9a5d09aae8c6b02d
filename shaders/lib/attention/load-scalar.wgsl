// Query, key, value and output as floats, for any depth and alignment; columns past the depth read
// as 0.
@group(0) @binding(1) var<storage, read> query: array<f32>;
@group(0) @binding(2) var<storage, read> key: array<f32>;
@group(0) @binding(3) var<storage, read> value: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

// Places of columns column … column + 3 of a row, the last one again for those past the end.
fn places(at: u32, column: u32) -> vec4u {
  return vec4u(at) + min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(params.depth - 1u));
}

fn within(column: u32) -> vec4<bool> {
  return vec4u(column) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.depth);
}

fn load_query(at: u32, column: u32) -> vec4f {
  let p = places(at, column);
  return select(vec4f(0.0), vec4f(query[p.x], query[p.y], query[p.z], query[p.w]), within(column));
}

fn load_key(at: u32, column: u32) -> vec4f {
  let p = places(at, column);
  return select(vec4f(0.0), vec4f(key[p.x], key[p.y], key[p.z], key[p.w]), within(column));
}

fn load_value(at: u32, column: u32) -> vec4f {
  let p = places(at, column);
  return select(vec4f(0.0), vec4f(value[p.x], value[p.y], value[p.z], value[p.w]), within(column));
}

fn store_output(at: u32, column: u32, values: vec4f) {
  let inside = within(column);
  output[at + column] = values.x;
  if (inside.y) {
    output[at + column + 1u] = values.y;
  }
  if (inside.z) {
    output[at + column + 2u] = values.z;
  }
  if (inside.w) {
    output[at + column + 3u] = values.w;
  }
}

// Four elements that are no row of a head.
fn store_four(at: u32, values: vec4f) {
  output[at] = values.x;
  output[at + 1u] = values.y;
  output[at + 2u] = values.z;
  output[at + 3u] = values.w;
}
