// Body of softmax and softmax-team.
#include "lib/exp.wgsl"
#include "lib/finite.wgsl"
#include "lib/rows/store.wgsl"
#include "lib/rows/sum.wgsl"

override LOGARITHM: bool = false;

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  inputLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let size = vec4u(params.columns);
  let start = row_start(params.inputLayout, place.row, params.columns);
  let first = start / 4u + place.lane;
  let end = start + params.columns;

  var most = vec4f(LOWEST);
  for (var i = first; 4u * i < end; i += TEAM) {
    most = max(most, select(vec4f(LOWEST), input[i], columns_of(i, start) < size));
  }
  let peak = team_max(max(max(most.x, most.y), max(most.z, most.w)), local);

  var sum = empty_sum();
  for (var i = first; 4u * i < end; i += TEAM) {
    let inside = columns_of(i, start) < size;
    sum = add_to(sum, select(vec4f(0.0), exp_exact(input[i] - peak), inside));
  }
  let mass = team_sum(total_of(sum), local);

  let target_start = row_start(params.outputLayout, place.row, params.columns);
  // The sum is at least 1. Its logarithm is wanted to a fraction of an ULP of the result's largest
  // terms, not relatively.
  let depth = unless_nan(mass, log(mass));
  for (var i = first; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, start);
    let inside = (columns < size) & vec4<bool>(place.inside);
    let reduced = input[i] - peak;
    if (LOGARITHM) {
      store_inside(target_start, columns, inside, reduced - depth);
    } else {
      store_inside(target_start, columns, inside, exp_exact(reduced) / mass);
    }
  }
}
