// Body of cross-entropy-gradient and cross-entropy-gradient-team.
#include "lib/rows/margins.wgsl"
#include "lib/rows/store.wgsl"

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  logitsLayout: vec2u,
  labelsLayout: vec2u,
  gradientLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let row = find_row(place.row);
  let shift = max(largest_margin(row, place.lane, local), 0.0);
  let wrong = wrong_mass(row, shift, place.lane, local);
  let factor = gradient[row_start(
    params.gradientLayout, place.row, 1u,
  )] / (wrong + exp_exact(vec4f(-shift)).x);

  let target_start = row_start(params.outputLayout, place.row, params.columns);
  let end = row.start + params.columns;
  for (var i = row.start / 4u + place.lane; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, row.start);
    let inside = (columns < vec4u(params.columns)) & vec4<bool>(place.inside);
    let mass = exp_exact(min((logits[i] - row.right) - shift, vec4f(0.0)));
    let share = select(mass, vec4f(-wrong), columns == vec4u(row.label));
    store_inside(target_start, columns, inside, factor * share);
  }
}
