// Rows of logits as factors of masses, so that sums of logits become products: y_c = exp(x_c - max x), or with TAKEN
// y_c = exp(min x - x_c) for what is taken out of others. Columns from `classes` on are 0.
//
// Shapes  source [any, classes] with any strides, of which rows[n] is taken with PICKED, else row n; factors [rows, 4 fours], dense;
//         replicas are a further axis.
// Grid    an invocation per row, folded into x and y.
// Reads   source twice. Writes factors.
// Numbers 2 ULP and what x_c - max x is rounded by; below e^-87 of the largest 0.
#include "lib/exp.wgsl"
#include "lib/index.wgsl"

override WORKGROUP: u32 = 64u;
override TAKEN: u32 = 0u;
override PICKED: u32 = 0u;

const FAR_BELOW: f32 = -1.0e30;

struct Params {
  rows: u32,
  classes: u32,
  fours: u32,
  units: u32,
  // Offset, stride of replicas, of rows, of columns.
  source: vec4u,
  // Offset and stride of replicas, and the last row there is, or without PICKED the rows between two that are taken.
  picked: vec4u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read> picked: array<u32>;
@group(0) @binding(3) var<storage, read_write> factors: array<vec4f>;

// Columns 4i to 4i + 3, those behind the last at FAR_BELOW.
fn columns_at(row: u32, i: u32) -> vec4f {
  let columns = vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u);
  let at = vec4u(row) + min(columns, vec4u(params.classes - 1u)) * params.source.w;
  let found = vec4f(source[at.x], source[at.y], source[at.z], source[at.w]);
  return select(
    vec4f(FAR_BELOW),
    select(found, -found, TAKEN == 1u),
    columns < vec4u(params.classes),
  );
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let unit = linear_id(group, groups, WORKGROUP, local);
  if (unit >= params.units) {
    return;
  }
  let copy = unit / params.rows;
  var taken = unit % params.rows * params.picked.z;
  if (PICKED == 1u) {
    taken = min(picked[params.picked.x + copy * params.picked.y + unit % params.rows], params.picked.z);
  }
  let row = params.source.x + copy * params.source.y + taken * params.source.z;
  var most = columns_at(row, 0u);
  for (var i = 1u; i < params.fours; i++) {
    most = max(most, columns_at(row, i));
  }
  let largest = max(max(most.x, most.y), max(most.z, most.w));
  for (var i = 0u; i < params.fours; i++) {
    factors[unit * params.fours + i] = exp_exact(columns_at(row, i) - largest);
  }
}
