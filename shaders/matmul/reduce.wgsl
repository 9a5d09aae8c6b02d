// C = epilogue(Σ_s partial[s]): second pass of a product split along K, adding the partial products in order of s.
// Reads a (the partial products: grid.z planes of [outer…, M, N], outer.w elements apart) and what the epilogue names, with
// grid.w rows in all; writes c. Grid: an invocation per four outputs of a row, folded into x and y. Deterministic.
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
  let line = quad / quads;  // of (outer…, row)
  if (line >= params.grid.w) {
    return;
  }
  let column = quad % quads * 4;
  let row = line % params.size.x;
  let outer = line / params.size.x;
  let middle = outer / params.outer.z;
  let place = Place(
    vec2u(0), 0, vec3u(middle / params.outer.y, middle % params.outer.y, outer % params.outer.z));
  let columns = columns_from(column);
  var sum = vec4f(0);
  for (var split = 0u; split < params.grid.z; split++) {
    let at = params.a.x + split * params.outer.w + line * params.size.y + columns;
    sum += vec4f(a[at.x], a[at.y], a[at.z], a[at.w]);
  }
  let to = find_origins(place);
  let value = finish(sum, to, row, column);
  let inside = column + vec4u(0, 1, 2, 3) < vec4u(params.size.y);
  store(select(vec4f(0), value, inside), to.c, row, column);
}
