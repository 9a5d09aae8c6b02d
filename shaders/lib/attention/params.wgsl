// What every attention kernel is told. Strides are those of (batch, time, head, replica), in
// elements; along the head's depth the stride is 1; a batch or replica stride of 0 shares one copy.
// The results of a kernel lie one after another in `output`, each [batch, time, heads, depth],
// dense.
struct Params {
  queries: u32,
  keys: u32,
  depth: u32,
  heads: u32,
  batch: u32,
  // Invocations, or workgroups where a workgroup shares its work.
  total: u32,
  // Query i sees the keys j <= i + shift; at least `keys` when it sees all.
  shift: u32,
  scale: f32,
  queryStrides: vec4u,
  keyStrides: vec4u,
  valueStrides: vec4u,
  gradientStrides: vec4u,
  attendedStrides: vec4u,
  // Of query, key, value, gradient.
  offsets: vec4u,
  attendedOffset: u32,
  // Offset and replica stride.
  statisticsLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;

// One head of one example of one replica, and a row of the work within it.
struct Place {
  row: u32,
  head: u32,
  example: u32,
  replica: u32,
}

// Item number `index` of [replicas, batch, rows, heads].
fn place_of(index: u32, rows: u32) -> Place {
  let rest = index / params.heads;
  let far = rest / rows;
  return Place(rest % rows, index % params.heads, far % params.batch, far / params.batch);
}

// Element at time 0 and depth 0.
fn origin_of(place: Place, strides: vec4u, offset: u32) -> u32 {
  return offset + place.example * strides.x + place.head * strides.z + place.replica * strides.w;
}

// Element of a dense [batch, times, heads, depth] result at time 0 and depth 0, `before` elements
// into the output.
fn result_origin(place: Place, times: u32, before: u32) -> u32 {
  let head = place.example * times * params.heads + place.head;
  return params.outputLayout.x + place.replica * params.outputLayout.y + before +
    head * params.depth;
}

fn sum_of(v: vec4f) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
}

fn max_of(v: vec4f) -> f32 {
  return max(max(v.x, v.y), max(v.z, v.w));
}
