// result = f(x) as in unary.wgsl, four elements of the innermost axis at a time.
// Shapes: strides and offsets count groups of four, except those of x when X_SPLAT: one element for all four lanes.
// Grid: an invocation per group of four, folded into x and y. Reads x, writes result.

#include "lib/index.wgsl"
#include "lib/unary-functions.wgsl"

override WORKGROUP: u32 = 64u;
override X_SPLAT: bool = false;

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
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

fn load_x(i: u32) -> vec4f {
  if (X_SPLAT) {
    return vec4f(x[i / 4u][i % 4u]);
  }
  return x[i];
}

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
  let v = load_x(element_at(p, params.x_strides, params.x_origin));
  let c = params.constant;
  let value = vec4f(unary(v.x, c), unary(v.y, c), unary(v.z, c), unary(v.w, c));
  result[element_at(p, params.result_strides, params.result_origin)] = unless_nan4(v, value);
}
