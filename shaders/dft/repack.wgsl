// From the half-length spectrum Z to real orthonormal coefficients (INVERSE false), or back (true): lib/dft/repack.wgsl.
// Reads source (rows of n floats) and roots (e^(-2πit/n) as pairs), writes result (rows of n floats); rows are dense.
// Grid: an invocation per k = 0 … h - 1 of every row, folded into x and y.
#include "lib/dft/butterfly.wgsl"
#include "lib/dft/repack.wgsl"

struct Params {
  size: vec4u,    // h, rows, unused
  offset: vec4u,  // of source, result, roots; unused
  stride: vec4u,  // floats between rows of source and of result; unused
  scale: vec4f,   // factor for k = 0 and for the others; unused
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> roots: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

override INVERSE: bool = false;
override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let h = params.size.x;
  let index = (group.x + group.y * groups.x) * WORKGROUP + lane;
  let row = index / h;
  if (row >= params.size.y) {
    return;
  }
  let k = index % h;
  let start = params.offset.x + row * params.stride.x;
  let to = params.offset.y + row * params.stride.y;
  let at = params.offset.z + 2 * k;
  let root = vec2f(roots[at], roots[at + 1]);
  if (INVERSE) {
    var spectrum = vec2f(source[start], 0) * params.scale.x;
    var mirror = vec2f(source[start + 2 * h - 1], 0) * params.scale.x;
    if (k > 0) {
      let there = start + 2 * (h - k);
      spectrum = vec2f(source[start + 2 * k - 1], -source[start + 2 * k]) * params.scale.y;
      mirror = vec2f(source[there - 1], -source[there]) * params.scale.y;
    }
    let z = synthesise(spectrum, mirror, root);
    result[to + 2 * k] = z.x;
    result[to + 2 * k + 1] = z.y;
    return;
  }
  let z = vec2f(source[start + 2 * k], source[start + 2 * k + 1]);
  if (k == 0) {
    result[to] = (z.x + z.y) * params.scale.x;
    result[to + 2 * h - 1] = (z.x - z.y) * params.scale.x;
    return;
  }
  let there = start + 2 * (h - k);
  let y = analyse(z, vec2f(source[there], source[there + 1]), root) * params.scale.y;
  result[to + 2 * k - 1] = y.x;
  result[to + 2 * k] = y.y;
}
