// First pass of the counting sort behind scatter-add: how often each index occurs in each chunk of the positions.
// Shapes: indices [N] with one stride, counts [chunks, V], each once per replica of the indices.
// Grid: an invocation per (replica, chunk), folded into x and y; each has its row of counts to itself, so there are no
// atomics. Reads indices, writes counts. Exact. Indices of V or more are left out.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 16u;

struct Params {
  count: u32, // N
  rows: u32, // V
  chunks: u32,
  length: u32, // positions of a chunk
  units: u32, // (replicas of the indices) chunks
  stride: u32, // of the indices
  origin: vec2u, // offset of the indices, stride of their replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> indices: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<u32>;

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
  let origin = params.origin.x + i / params.chunks * params.origin.y;
  let first = i % params.chunks * params.length;
  let own = i * params.rows;
  for (var v = 0u; v < params.rows; v++) {
    counts[own + v] = 0u;
  }
  for (var n = first; n < min(first + params.length, params.count); n++) {
    let v = indices[origin + n * params.stride];
    if (v < params.rows) {
      counts[own + v]++;
    }
  }
}
