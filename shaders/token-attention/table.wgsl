// Second half of the gradient of token-attention/forward.wgsl: the gradient of the table. Row t of a token collects, over all
// places where it stands, dv = p g and dk = (sum of s) q; so do the rows of positions over all samples. dq goes to the rows
// the query is made of.
//
// Shapes  table as there; parts [copies, batch heads (depth + 8)] of token-attention/scores.wgsl; gradient [copies, batch,
//         heads, depth]; list u32 [batch KEYS], starts u32 [V + 1], shared by all copies; output as the table, dense.
// Grid    an invocation per (copy, row, four columns of a head), columns fastest; folded into x and y.
// Reads   table, parts, gradient, list, starts. Writes output. Deterministic.
#include "lib/token-attention/rows.wgsl"

override WORKGROUP: u32 = 32u;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.total) {
    return;
  }
  let columns = params.heads * params.depth / 4;
  let rows = params.vocabulary + KEYS;
  let copy = index / (columns * rows);
  let row = index / columns % rows;
  let group = group_of(index % columns);
  store(copy, row, group.x, group.y, collect(copy, row, group.x, group.y, 0, 1));
}
