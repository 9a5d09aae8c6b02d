// result = x at starts + steps * i along each axis, 0 elsewhere: the adjoint of a strided slice.
// Shapes: the result has the axes (outer, extents.x ... extents.w), outer being replicas; x lies at the window.
// Grid: an invocation per element of the result, folded into x and y. Reads x, writes result. Exact, bits moved as u32.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  extents: vec4u, // of the result
  counts: vec4u, // of x
  starts: vec4u,
  steps: vec4u,
  x_strides: vec4u,
  result_strides: vec4u,
  x_origin: vec2u,
  result_origin: vec2u,
  units: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
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
  let moved = p.inner - params.starts; // wraps to a huge number before the start
  let index = moved / params.steps;
  let on_grid = (p.inner >= params.starts) & (index < params.counts) & (index * params.steps == moved);
  var bits = 0u;
  if (all(on_grid)) {
    bits = x[element_at(Position(p.outer, index), params.x_strides, params.x_origin)];
  }
  result[element_at(p, params.result_strides, params.result_origin)] = bits;
}
