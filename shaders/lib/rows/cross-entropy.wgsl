// Body of cross-entropy and cross-entropy-team.
#include "lib/math.wgsl"
#include "lib/rows/margins.wgsl"
#include "lib/rows/store.wgsl"

override LOSS: bool = false;
override CORRECT: bool = false;
override GRADIENT: bool = false;

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  stride: u32,            // elements from a row of logits to the next
  gradientColumns: u32,   // of a row of the result: columns, or with zeros up to a multiple of 4
  shareStride: u32,       // elements from a row's share to the next; 0 where all rows have the same
  logitsLayout: vec2u,
  labelsLayout: vec2u,
  shareLayout: vec2u,
  outputLayout: vec2u,
  lossAt: u32,            // where the losses begin in a replica's part of the output
  correctAt: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> share: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let row = find_row(place.row);
  let margin = largest_margin(row, place.lane, local);
  let first = place.inside && place.lane == 0u;
  let scalars = row_start(params.outputLayout, place.row, 1u);
  if (CORRECT && first) {
    output[scalars + params.correctAt] = select(0.0, 1.0, margin < 0.0);
  }
  if (!LOSS && !GRADIENT) {
    return;
  }
  let shift = max(margin, 0.0);
  let wrong = wrong_mass(row, shift, place.lane, local);
  let own = exp_exact(vec4f(-shift)).x;
  if (LOSS && first) {
    let loss = loss_of_masses(shift, wrong, own);
    output[scalars + params.lossAt] = unless_lost(margin >= NO_LOSS, loss);
  }
  if (GRADIENT) {
    let factor = share[row_start(params.shareLayout, place.row, params.shareStride)] / (wrong + own);
    let target_start = row_start(params.outputLayout, place.row, params.gradientColumns);
    let end = row.start + params.columns;
    for (var i = row.start / 4u + place.lane; 4u * i < end; i += TEAM) {
      let columns = columns_of(i, row.start);
      let inside = (columns < vec4u(params.gradientColumns)) & vec4<bool>(place.inside);
      let mass = exp_exact(min((logits[i] - row.right) - shift, vec4f(0.0)));
      let part = select(mass, vec4f(-wrong), columns == vec4u(row.label));
      let value = select(vec4f(0.0), factor * part, columns < vec4u(params.columns));
      store_inside(target_start, columns, inside, value);
    }
  }
}
