// result = condition != 0 ? a : b, element by element with broadcasting.
// Shapes: condition, a and b are strided walks over the result (src/ops/walk.ts), stride 0 where they repeat.
// Grid: an invocation per element, folded into x and y. Reads condition, a and b, writes result.
// Exact: bits are moved as u32, so a and b may be of any element type. MASK leaves out the sign of a float zero.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;
override MASK: u32 = 0xffffffffu;

struct Params {
  extents: vec4u,
  condition_strides: vec4u,
  a_strides: vec4u,
  b_strides: vec4u,
  result_strides: vec4u,
  condition_origin: vec2u,
  a_origin: vec2u,
  b_origin: vec2u,
  result_origin: vec2u,
  units: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> condition: array<u32>;
@group(0) @binding(2) var<storage, read> a: array<u32>;
@group(0) @binding(3) var<storage, read> b: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<u32>;

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
  let bits = condition[element_at(p, params.condition_strides, params.condition_origin)] & MASK;
  let left = a[element_at(p, params.a_strides, params.a_origin)];
  let right = b[element_at(p, params.b_strides, params.b_origin)];
  result[element_at(p, params.result_strides, params.result_origin)] = select(right, left, bits != 0u);
}
