// result = 1 at the first maximum along the reduced axes, in row-major order, 0 elsewhere.
// Shapes: x and the result are of one shape; kept axes are a walk of both, reduced axes a second walk of both.
// Grid: an invocation per kept position, folded into x and y. Reads x, writes result. Exact.

#include "lib/index.wgsl"
#include "lib/reduction.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  extents: vec4u,
  x_strides: vec4u,
  result_strides: vec4u,
  reduced_extents: vec4u,
  x_reduced: vec4u,
  result_reduced: vec4u,
  x_origin: vec2u,
  result_origin: vec2u,
  outputs: u32,
  total: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = linear_id(group, groups, WORKGROUP, local);
  if (i >= params.outputs) {
    return;
  }
  let p = position_of(i, params.extents);
  let origin = element_at(p, params.x_strides, params.x_origin);
  let to = element_at(p, params.result_strides, params.result_origin);
  var most = x[origin];
  var first = 0u;
  for (var k = 1u; k < params.total; k++) {
    let value = x[origin + reduced_at(k, params.reduced_extents, params.x_reduced)];
    if (value > most) {
      most = value;
      first = k;
    }
  }
  for (var k = 0u; k < params.total; k++) {
    let at = to + reduced_at(k, params.reduced_extents, params.result_reduced);
    result[at] = select(0.0, 1.0, k == first);
  }
}
