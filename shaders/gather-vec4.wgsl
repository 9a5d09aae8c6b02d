// result[n, :] = table[indices[n], :] as in gather.wgsl, four contiguous columns at a time.
// Shapes: columns, strides and offsets of table and result count groups of four; those of the indices do not.
// Grid: an invocation per group of four, folded into x and y. Reads table and indices, writes result.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  rows: u32, // N
  columns: u32, // D, in units
  last: u32, // V - 1
  units: u32,
  table: vec4u, // offset, stride of replicas, of rows
  indices: vec4u, // offset, stride of replicas, of rows
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<vec4u>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4u>;

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
  result[at] = table[start + column];
}
