// Body of layer-norm and layer-norm-team.
#include "lib/rows/moments.wgsl"
#include "lib/rows/store.wgsl"

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  epsilon: f32,
  inputLayout: vec2u,
  gainLayout: vec2u,
  biasLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read> gain: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

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

  let replica = place.row / params.rows;
  let gain_start = params.gainLayout.x + replica * params.gainLayout.y;
  let bias_start = params.biasLayout.x + replica * params.biasLayout.y;
  let target_start = row_start(params.outputLayout, place.row, params.columns);
  let end = start + params.columns;
  for (var i = start / 4u + place.lane; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, start);
    let inside = (columns < vec4u(params.columns)) & vec4<bool>(place.inside);
    let at = min(columns, vec4u(params.columns - 1u));
    let g = gain_start + at;
    let b = bias_start + at;
    let factor = vec4f(gain[g.x], gain[g.y], gain[g.z], gain[g.w]);
    let summand = vec4f(bias[b.x], bias[b.y], bias[b.z], bias[b.w]);
    store_inside(target_start, columns, inside, (input[i] - mean) * inverse * factor + summand);
  }
}
