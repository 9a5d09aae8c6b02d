// C = epilogue(Σ_s partial[s]): second pass of a product split along K, adding the partial products in order of s.
// partial: splits planes of [replica, batch, M, N], params.batch.z elements apart, from params.a.x on; C [M, N] dense.
// Grid: an invocation per four outputs of a row (grid.x workgroups per row-batch), folded into x and y. Deterministic.
#include "lib/matmul/params.wgsl"
#include "lib/matmul/epilogue.wgsl"
#include "lib/matmul/store-any.wgsl"

override WORKGROUP: u32 = 64u;
@group(0) @binding(1) var<storage, read> a: array<f32>;  // the partial products

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let quads = (params.size.y + 3) / 4;
  let quad = (group.x + group.y * groups.x) * WORKGROUP + lane;
  let line = quad / quads;                   // of (replica, batch, row)
  if (line >= params.grid.w) {
    return;
  }
  let column = quad % quads * 4;
  let row = line % params.size.x;
  let outer = line / params.size.x;
  let inner = outer / params.batch.y;
  let place = Place(vec2u(0), 0, vec2u(inner % params.batch.x, outer % params.batch.y),
    inner / params.batch.x);
  let columns = min(column + vec4u(0, 1, 2, 3), vec4u(params.size.y - 1));
  var sum = vec4f(0);
  for (var split = 0u; split < params.grid.z; split++) {
    let at = params.a.x + split * params.batch.z + line * params.size.y + columns;
    sum += vec4f(a[at.x], a[at.y], a[at.z], a[at.w]);
  }
  let start = origin(params.c, params.c_bias_batch.xy, place);
  store(finish(sum, place, row, column), start, row, column);
}
