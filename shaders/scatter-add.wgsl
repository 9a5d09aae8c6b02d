// result[v, :] = sum of values[n, :] over the positions n listed for v by scatter-list.wgsl: the gradient of a gather.
// Shapes: values [N, D] with any strides, starts [V + 1] and list [N] per replica of the indices, result [V, D] dense.
// Grid: an invocation per (replica, v, column), folded into x and y. Reads values, starts and list, writes result.
// Numbers: ascending n, runs of 16 added up and then their sums: same bits each time.

#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;

struct Params {
  rows: u32, // V
  columns: u32, // D, in units
  units: u32,
  starts_stride: u32, // between replicas: V + 1, or 0 where they share their indices
  values: vec4u, // offset, stride of replicas, of rows, of columns
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read> list: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

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
  let origin = params.values.x + replica * params.values.y + column * params.values.w;
  let own = replica * params.starts_stride + row;
  let end = starts[own + 1u];
  var total = 0.0;
  for (var k = starts[own]; k < end;) {
    let stop = min(k + 16u, end);
    var run = 0.0;
    for (; k < stop; k++) {
      run += values[origin + list[k] * params.values.z];
    }
    total += run;
  }
  result[params.result.x + replica * params.result.y + row * params.columns + column] = total;
}
