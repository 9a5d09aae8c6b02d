// Last pass of the counting sort behind scatter-add: writes each position where its index has its place.
// Shapes: indices [N] with one stride, counts [chunks, V] and starts [V + 1] of scatter-offsets.wgsl, list [N], each once
// per replica of the indices. For each v the list has the positions of v in ascending order.
// Grid: an invocation per (replica, chunk), folded into x and y. Reads indices and starts, uses up counts, writes list.

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
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read_write> counts: array<u32>;
@group(0) @binding(4) var<storage, read_write> list: array<u32>;

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
  let replica = i / params.chunks;
  let origin = params.origin.x + replica * params.origin.y;
  let first = i % params.chunks * params.length;
  for (var n = first; n < min(first + params.length, params.count); n++) {
    let v = indices[origin + n * params.stride];
    if (v < params.rows) {
      let place = starts[replica * (params.rows + 1u) + v] + counts[i * params.rows + v];
      list[place] = n;
      counts[i * params.rows + v]++;
    }
  }
}
