// result[n, :] = table[indices[n], :].
// Shapes: table [V, D] with any strides, indices [N] with one stride, result [N, D] dense; replicas are a third axis.
// Grid: an invocation per element, folded into x and y. Reads table and indices, writes result.
// Exact, bits moved as u32. An index beyond the table reads its last row (the reference throws).

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  rows: u32, // N
  columns: u32, // D, in units
  last: u32, // V - 1
  units: u32,
  table: vec4u, // offset, stride of replicas, of rows, of columns
  indices: vec4u, // offset, stride of replicas, of rows
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<u32>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

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
  let column = i % params.columns;
  let row = (i / params.columns) % params.rows;
  let replica = i / (params.columns * params.rows);
  let index = indices[params.indices.x + replica * params.indices.y + row * params.indices.z];
  let start = params.table.x + replica * params.table.y + min(index, params.last) * params.table.z;
  let at = params.result.x + replica * params.result.y + row * params.columns + column;
  result[at] = table[start + column * params.table.w];
}
