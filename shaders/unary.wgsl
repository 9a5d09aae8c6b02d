// result = f(x), element by element, f chosen by OP.
// Shapes: x is a strided walk over the result (src/ops/walk.ts), replicas being one of its axes.
// Grid: an invocation per element, folded into x and y. Reads x, writes result.
// Numbers: see lib/unary-functions.wgsl and lib/math.wgsl.

#include "lib/index.wgsl"
#include "lib/unary-functions.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  extents: vec4u,
  x_strides: vec4u,
  result_strides: vec4u,
  x_origin: vec2u,
  result_origin: vec2u,
  units: u32,
  constant: f32,
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
  if (i >= params.units) {
    return;
  }
  let p = position_of(i, params.extents);
  let v = x[element_at(p, params.x_strides, params.x_origin)];
  let value = unless_nan(v, unary(v, params.constant));
  result[element_at(p, params.result_strides, params.result_origin)] = value;
}
