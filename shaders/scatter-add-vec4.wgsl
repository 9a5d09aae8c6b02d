// Scatter-add as in scatter-add.wgsl, four contiguous columns at a time.
// Shapes: columns, strides and offsets of values and result count groups of four.
// Grid: an invocation per (replica, v, group of four), folded into x and y. Reads values, starts and list, writes result.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  rows: u32, // V
  columns: u32, // D, in units
  units: u32,
  starts_stride: u32, // between replicas: V + 1, or 0 where they share their indices
  values: vec4u, // offset, stride of replicas, of rows
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<vec4f>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read> list: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4f>;

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
  let origin = params.values.x + replica * params.values.y + column;
  let own = replica * params.starts_stride + row;
  let end = starts[own + 1u];
  var total = vec4f();
  for (var k = starts[own]; k < end;) {
    let stop = min(k + 16u, end);
    var run = vec4f();
    for (; k < stop; k++) {
      run += values[origin + list[k] * params.values.z];
    }
    total += run;
  }
  result[params.result.x + replica * params.result.y + row * params.columns + column] = total;
}
