// reduce.wgsl where the innermost reduced axis is contiguous: four values of it at a time.
// Shapes: strides, offsets and extents of x count groups of four; the result is in elements.
// Grid: chunks times outputs, folded into x and y. Reads x, writes result.
// Numbers: four lanes of runs of 16, so the error grows with K / 64 + 18 at worst.

#include "lib/index.wgsl"
#include "lib/reduction-params.wgsl"
#include "lib/reduction.wgsl"

override WORKGROUP: u32 = 64u;

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = linear_id(group, groups, WORKGROUP, local);
  if (i >= params.outputs * params.chunks) {
    return;
  }
  let chunk = i / params.outputs;
  let p = position_of(i % params.outputs, params.extents);
  let origin = element_at(p, params.x_strides, params.x_origin);
  let end = min((chunk + 1u) * params.length, params.total);
  var k = chunk * params.length;
  var at = origin + reduced_at(k, params.reduced_extents, params.reduced_strides);
  var row_end = end;
  if (REDUCED_RANK > 1u) {
    row_end = min(end, k + params.reduced_extents.w - k % params.reduced_extents.w);
  }
  var total = vec4f(neutral());
  while (k < end) {
    let stop = min(k + 16u, row_end);
    var run = vec4f(neutral());
    for (; k < stop; k++) {
      run = combine4(run, prepare4(x[at]));
      at++;
    }
    total = combine4(total, run);
    if (REDUCED_RANK > 1u && k == row_end) {
      at = origin + reduced_at(k, params.reduced_extents, params.reduced_strides);
      row_end = min(end, k + params.reduced_extents.w);
    }
  }
  let value = combine(combine(total.x, total.y), combine(total.z, total.w));
  let to = element_at(p, params.result_strides, params.result_origin) + chunk * params.chunk_stride;
  result[to] = finish(value, params.factor);
}
