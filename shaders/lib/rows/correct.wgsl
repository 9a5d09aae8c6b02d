// Body of correct and correct-team.
#include "lib/rows/margins.wgsl"

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  logitsLayout: vec2u,
  labelsLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> labels: array<u32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let margin = largest_margin(find_row(place.row), place.lane, local);
  if (place.inside && place.lane == 0u) {
    output[row_start(params.outputLayout, place.row, 1u)] = select(0.0, 1.0, margin < 0.0);
  }
}
