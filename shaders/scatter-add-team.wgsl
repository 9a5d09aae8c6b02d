// Scatter-add as in scatter-add-vec4.wgsl for GPUs: a workgroup per row and 8 groups of four columns, 32 invocations to a
// column group, so that a token which fills a third of the batch does not leave one invocation with all the work.
// Shapes: columns, strides and offsets of values and result count groups of four.
// Grid: a workgroup per (replica, v, 8 column groups), folded into x and y. Reads values, starts and list, writes result.
// Numbers: each part ascending, then a tree of 32: same bits each time.

#include "lib/index.wgsl"

const COLUMNS = 8u;
const PARTS = 32u;

struct Params {
  rows: u32, // V
  columns: u32, // D / 4
  units: u32, // workgroups
  starts_stride: u32, // between replicas: V + 1, or 0 where they share their indices
  values: vec4u, // offset, stride of replicas, of rows
  result: vec2u, // offset, stride of replicas
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<vec4f>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read> list: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4f>;

var<workgroup> sums: array<vec4f, 256>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = group.y * groups.x + group.x;
  let blocks = (params.columns + COLUMNS - 1u) / COLUMNS;
  let column = (i % blocks) * COLUMNS + local % COLUMNS;
  let row = (i / blocks) % params.rows;
  let replica = i / (blocks * params.rows);
  let part = local / COLUMNS;
  let within = i < params.units && column < params.columns;
  var total = vec4f();
  if (within) {
    let origin = params.values.x + replica * params.values.y + column;
    let own = replica * params.starts_stride + row;
    let start = starts[own];
    let end = starts[own + 1u];
    let length = (end - start + PARTS - 1u) / PARTS;
    let stop = min(start + (part + 1u) * length, end);
    for (var k = start + part * length; k < stop; k++) {
      total += values[origin + list[k] * params.values.z];
    }
  }
  sums[local] = total;
  workgroupBarrier();
  for (var half = PARTS / 2u; half > 0u; half /= 2u) {
    if (part < half) {
      sums[local] += sums[local + half * COLUMNS];
    }
    workgroupBarrier();
  }
  if (within && part == 0u) {
    result[params.result.x + replica * params.result.y + row * params.columns + column] = sums[local];
  }
}
