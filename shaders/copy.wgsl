// result = source, moved between strided layouts; with TO_FLOAT a u32 source becomes the nearest f32.
// Shapes: both are strided walks of one shape (src/ops/walk.ts). Grid: an invocation per element, folded into x and y.
// Reads source, writes result. Numbers: bits are moved as u32, so any element type passes unchanged.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;
override TO_FLOAT: bool = false;

struct Params {
  extents: vec4u,
  source_strides: vec4u,
  result_strides: vec4u,
  source_origin: vec2u,
  result_origin: vec2u,
  units: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;

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
  var bits = source[element_at(p, params.source_strides, params.source_origin)];
  if (TO_FLOAT) {
    bits = bitcast<u32>(f32(bits));
  }
  result[element_at(p, params.result_strides, params.result_origin)] = bits;
}
