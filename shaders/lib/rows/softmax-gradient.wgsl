// Body of softmax-gradient and softmax-gradient-team.
#include "lib/exp.wgsl"
#include "lib/rows/store.wgsl"
#include "lib/rows/sum.wgsl"

override LOGARITHM: bool = false;

struct Params {
  rows: u32,
  total: u32,
  columns: u32,
  savedLayout: vec2u,
  gradientLayout: vec2u,
  outputLayout: vec2u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> saved: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

// The saved row under vec4 `columns` of the gradient; the two blocks may be aligned differently.
fn load_saved(start: u32, columns: vec4u) -> vec4f {
  let at = vec4u(start) + min(columns, vec4u(params.columns - 1u));
  return vec4f(saved[at.x], saved[at.y], saved[at.z], saved[at.w]);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let place = find_place(workgroup, groups, local);
  let size = vec4u(params.columns);
  let start = row_start(params.gradientLayout, place.row, params.columns);
  let saved_start = row_start(params.savedLayout, place.row, params.columns);
  let first = start / 4u + place.lane;
  let end = start + params.columns;

  var sum = empty_sum();
  for (var i = first; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, start);
    var term = gradient[i];
    if (!LOGARITHM) {
      term *= load_saved(saved_start, columns);
    }
    sum = add_to(sum, select(vec4f(0.0), term, columns < size));
  }
  let projection = team_sum(total_of(sum), local);

  let target_start = row_start(params.outputLayout, place.row, params.columns);
  for (var i = first; 4u * i < end; i += TEAM) {
    let columns = columns_of(i, start);
    let inside = (columns < size) & vec4<bool>(place.inside);
    let y = load_saved(saved_start, columns);
    if (LOGARITHM) {
      store_inside(target_start, columns, inside, gradient[i] - exp_exact(y) * projection);
    } else {
      store_inside(target_start, columns, inside, y * (gradient[i] - projection));
    }
  }
}
