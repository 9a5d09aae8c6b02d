// result = f(a, b) as in binary.wgsl, four elements of the innermost axis at a time.
// Shapes: strides and offsets count groups of four, except those of an operand that is a splat (A_SPLAT, B_SPLAT): one
// element for all four lanes. Grid: an invocation per group of four, folded into x and y. Reads a and b, writes result.

#include "lib/index.wgsl"
#include "lib/binary-functions.wgsl"

override WORKGROUP: u32 = 64u;
override A_SPLAT: bool = false;
override B_SPLAT: bool = false;

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
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4f>;

fn load_a(i: u32) -> vec4f {
  if (A_SPLAT) {
    return vec4f(a[i / 4u][i % 4u]);
  }
  return a[i];
}

fn load_b(i: u32) -> vec4f {
  if (B_SPLAT) {
    return vec4f(b[i / 4u][i % 4u]);
  }
  return b[i];
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
  let l = load_a(element_at(p, params.a_strides, params.a_origin));
  let r = load_b(element_at(p, params.b_strides, params.b_origin));
  let value = vec4f(binary(l.x, r.x), binary(l.y, r.y), binary(l.z, r.z), binary(l.w, r.w));
  result[element_at(p, params.result_strides, params.result_origin)] = value;
}
