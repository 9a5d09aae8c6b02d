// Body of layer-norm-moments and layer-norm-moments-team.
#include "lib/rows/moments.wgsl"

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  epsilon: f32,
  inputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> moments: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let start = row_start(params.inputLayout, place.row, params.columns);
  let mean = row_mean(start, place.lane, local);
  let inverse = row_inverse_deviation(start, mean, place.lane, local);
  if (place.inside && place.lane == 0u) {
    moments[2u * place.row] = mean;
    moments[2u * place.row + 1u] = inverse;
  }
}
