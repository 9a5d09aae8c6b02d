// result[n, c] = 1 where c = indices[n], else 0.
// Shapes: indices [N] with one stride, result [N, C] dense; replicas are a third axis.
// Grid: an invocation per element of the result, folded into x and y. Reads indices, writes result. Exact.
// An index of C or more gives a row of zeros (the reference throws).

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  rows: u32, // N
  classes: u32, // C
  units: u32,
  stride: u32, // of the indices
  indices: vec2u, // offset, stride of replicas
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> indices: array<u32>;
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
  let size = params.rows * params.classes;
  let replica = i / size;
  let within = i % size;
  let at = params.indices.x + replica * params.indices.y + within / params.classes * params.stride;
  let hit = indices[at] == within % params.classes;
  result[params.result.x + replica * params.result.y + within] = select(0.0, 1.0, hit);
}
