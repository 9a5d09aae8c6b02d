// One pass of a Stockham FFT over rows of h complex numbers (pairs of floats): sub-transforms of length `span` become ones of
// length RADIX·span. Reads source and roots (e^(-2πit/n), n = 2h, t < n, as pairs), writes result; rows are dense.
// Grid: an invocation per butterfly, folded into x and y. Source: Govindaraju et al., "High performance discrete Fourier
// transforms on graphics processors" (2008).
#include "lib/dft/butterfly.wgsl"

struct Params {
  size: vec4u,    // h, rows, span, unused
  offset: vec4u,  // of source, result, roots; unused
  stride: vec4u,  // floats between rows of source and of result; unused
  direction: f32, // 1 forward, -1 inverse
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> roots: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

override RADIX: u32 = 4u;  // 2 or 4
override WORKGROUP: u32 = 64u;

fn load(at: u32) -> vec2f {
  return vec2f(source[at], source[at + 1]);
}

fn store(at: u32, value: vec2f) {
  result[at] = value.x;
  result[at + 1] = value.y;
}

// e^(∓2πi·t/h)
fn root(t: u32) -> vec2f {
  let at = params.offset.z + 4 * t;
  return vec2f(roots[at], roots[at + 1] * params.direction);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let h = params.size.x;
  let span = params.size.z;
  let step = h / RADIX;
  let index = (group.x + group.y * groups.x) * WORKGROUP + lane;
  let row = index / step;
  if (row >= params.size.y) {
    return;
  }
  let j = index % step;
  let k = j % span;
  let turn = k * (h / (RADIX * span));
  let start = params.offset.x + row * params.stride.x + 2 * j;
  let to = params.offset.y + row * params.stride.y + 2 * ((j / span) * span * RADIX + k);
  let a = load(start);
  let b = times(load(start + 2 * step), root(turn));
  if (RADIX == 2u) {
    store(to, a + b);
    store(to + 2 * span, a - b);
    return;
  }
  let c = times(load(start + 4 * step), root(2 * turn));
  let d = times(load(start + 6 * step), root(3 * turn));
  let y = transform4(a, b, c, d, params.direction);
  store(to, y[0]);
  store(to + 2 * span, y[1]);
  store(to + 4 * span, y[2]);
  store(to + 6 * span, y[3]);
}
