// Body of cross-entropy and cross-entropy-team.
#include "lib/math.wgsl"
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

// ln(1 + x) for any x >= 0; the builtin is within 3 ULP where it is used, above 2.
fn log_of_one_plus(x: f32) -> f32 {
  return select(log(1.0 + max(x, 1.0)), log1p_exact(min(x, 1.0)), x <= 1.0);
}

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
  if (place.inside && place.lane == 0u) {
    // The label's own e^-shift - 1 is exactly 0 when the label leads, so that the tiny sum of the
    // others survives.
    let own = exp_exact(vec4f(-shift)).x - 1.0;
    output[row_start(params.outputLayout, place.row, 1u)] = shift + log_of_one_plus(wrong + own);
  }
}
