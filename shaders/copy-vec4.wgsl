// result = source as in copy.wgsl, four elements of the innermost axis at a time.
// Shapes: strides and offsets count groups of four, except those of the source when SOURCE_SPLAT: one element for all four.
// Grid: an invocation per group of four, folded into x and y. Reads source, writes result.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;
override SOURCE_SPLAT: bool = false;

struct Params {
  extents: vec4u,
  source_strides: vec4u,
  result_strides: vec4u,
  source_origin: vec2u,
  result_origin: vec2u,
  units: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4u>;

fn load(i: u32) -> vec4u {
  if (SOURCE_SPLAT) {
    return vec4u(source[i / 4u][i % 4u]);
  }
  return source[i];
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
  let at = element_at(p, params.source_strides, params.source_origin);
  result[element_at(p, params.result_strides, params.result_origin)] = load(at);
}
