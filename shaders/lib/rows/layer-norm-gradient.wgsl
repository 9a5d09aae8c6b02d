// Body of layer-norm-gradient and layer-norm-gradient-team.
#include "lib/rows/moments.wgsl"
#include "lib/rows/store.wgsl"

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  epsilon: f32,
  inputLayout: vec2u,
  gainLayout: vec2u,
  gradientLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read> gain: array<f32>;
@group(0) @binding(3) var<storage, read> gradient: array<f32>;
@group(0) @binding(4) var<storage, read_write> output: array<f32>;

// gain times gradient under vec4 `columns` of the input.
fn load_scaled(gain_start: u32, gradient_start: u32, columns: vec4u) -> vec4f {
  let at = min(columns, vec4u(params.columns - 1u));
  let a = gain_start + at;
  let b = gradient_start + at;
  return vec4f(gain[a.x], gain[a.y], gain[a.z], gain[a.w]) *
    vec4f(gradient[b.x], gradient[b.y], gradient[b.z], gradient[b.w]);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let size = vec4u(params.columns);
  let start = row_start(params.inputLayout, place.row, params.columns);
  let gain_start = params.gainLayout.x + place.row / params.rows * params.gainLayout.y;
  let gradient_start = row_start(params.gradientLayout, place.row, params.columns);
  let first = start / 4u + place.lane;
  let end = start + params.columns;
  let mean = row_mean(start, place.lane, local);
  let inverse = row_inverse_deviation(start, mean, place.lane, local);

  var sum = empty_sum();
  var product = empty_sum();
  for (var i = first; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, start);
    let inside = columns < size;
    let scaled = select(vec4f(0.0), load_scaled(gain_start, gradient_start, columns), inside);
    let standard = select(vec4f(0.0), (input[i] - mean) * inverse, inside);
    sum = add_to(sum, scaled);
    product = add_to(product, scaled * standard);
  }
  let along_one = team_sum(total_of(sum), local) / f32(params.columns);
  let along_row = team_sum(total_of(product), local) / f32(params.columns);

  let target_start = row_start(params.outputLayout, place.row, params.columns);
  for (var i = first; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, start);
    let inside = (columns < size) & vec4<bool>(place.inside);
    let scaled = load_scaled(gain_start, gradient_start, columns);
    let standard = (input[i] - mean) * inverse;
    store_inside(
      target_start,
      columns,
      inside,
      inverse * (scaled - along_one - standard * along_row),
    );
  }
}
