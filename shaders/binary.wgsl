// result = f(a, b), element by element with broadcasting, f chosen by OP.
// Shapes: a and b are strided walks over the result (src/ops/walk.ts), stride 0 where they repeat, replicas being one of the
// axes. Grid: an invocation per element, folded into x and y. Reads a and b, writes result.
// Numbers: + - * are rounded once, / is within 2.5 ULP while |b| is in [2^-126, 2^126].

#include "lib/index.wgsl"
#include "lib/binary-functions.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  extents: vec4u,
  a_strides: vec4u,
  b_strides: vec4u,
  result_strides: vec4u,
  a_origin: vec2u,
  b_origin: vec2u,
  result_origin: vec2u,
  units: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

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
  let left = a[element_at(p, params.a_strides, params.a_origin)];
  let right = b[element_at(p, params.b_strides, params.b_origin)];
  result[element_at(p, params.result_strides, params.result_origin)] = binary(left, right);
}
