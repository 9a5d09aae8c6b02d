// As token-attention/table.wgsl for GPUs: 64 invocations to a row and four columns, so that a token which stands in every
// sample does not leave one of them with all the work.
//
// Shapes  as there.
// Grid    a workgroup per (copy, row, four columns of a head), columns fastest; folded into x and y.
// Reads   as there. Writes output. Each part ascending, then a tree: same bits each time.
#include "lib/token-attention/rows.wgsl"

const TEAM = 64u;

var<workgroup> exchange: array<Sums, TEAM>;

@compute @workgroup_size(TEAM)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = min(workgroup.x + workgroup.y * groups.x, params.total - 1);
  let columns = params.heads * params.depth / 4;
  let rows = params.vocabulary + KEYS;
  let copy = index / (columns * rows);
  let row = index / columns % rows;
  let group = group_of(index % columns);
  exchange[lane] = collect(copy, row, group.x, group.y, lane, TEAM);
  for (var reach = TEAM / 2; reach > 0; reach /= 2) {
    workgroupBarrier();
    if (lane < reach) {
      exchange[lane] = add_sums(exchange[lane], exchange[lane + reach]);
    }
  }
  if (lane == 0) {
    store(copy, row, group.x, group.y, exchange[0]);
  }
}
