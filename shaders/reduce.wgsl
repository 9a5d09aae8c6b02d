// Sum, maximum or sum of squares over any axes: the general one, an invocation per output and chunk, no barriers.
// Shapes: the kept axes are a strided walk of x and the result (src/ops/walk.ts), the reduced ones a second walk of x,
// cut into chunks; the result has an element per output and chunk, and src/ops/reduce.ts runs it again over the chunks.
// Grid: chunks times outputs, folded into x and y. Reads x, writes result.
// Numbers: runs of 16 are added up and then their sums, so the error grows with K / 16 + 16 at worst.

#include "lib/index.wgsl"
#include "lib/reduction-params.wgsl"
#include "lib/reduction.wgsl"

override WORKGROUP: u32 = 64u;

@group(0) @binding(1) var<storage, read> x: array<f32>;
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
  let step = params.reduced_strides.w;
  var k = chunk * params.length;
  var at = origin + reduced_at(k, params.reduced_extents, params.reduced_strides);
  var row_end = end;
  if (REDUCED_RANK > 1u) {
    row_end = min(end, k + params.reduced_extents.w - k % params.reduced_extents.w);
  }
  var total = neutral();
  while (k < end) {
    let stop = min(k + 16u, row_end);
    var run = neutral();
    for (; k < stop; k++) {
      run = combine(run, prepare(x[at]));
      at += step;
    }
    total = combine(total, run);
    if (REDUCED_RANK > 1u && k == row_end) {
      at = origin + reduced_at(k, params.reduced_extents, params.reduced_strides);
      row_end = min(end, k + params.reduced_extents.w);
    }
  }
  let to = element_at(p, params.result_strides, params.result_origin) + chunk * params.chunk_stride;
  result[to] = finish(total, params.factor);
}
