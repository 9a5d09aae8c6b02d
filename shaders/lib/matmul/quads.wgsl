// Body of the product for software adapters with subgroups: a workgroup is a quad and computes 16 rows by 32 columns. An
// invocation keeps 16 rows of 8 columns, whose part of B it alone loads; of A each loads one block of 4 rows, and all share the four. Neither workgroup memory nor barriers; sums in order of K, four at a time as in registers.wgsl, so same bits.
#include "lib/quads.wgsl"

const WORKGROUP = 4u;
const KEPT = 8u;
const ROWS = 4u;
const COLUMNS = 2u;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) member: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index >= params.grid.w) {
    return;
  }
  let place = locate(index);
  let own = member % 4;
  let row = place.tile.y * 16;
  let column = place.tile.x * 32 + own * 8;
  let a_own = a_lines(origin(params.a, params.ab_outer.xy, place), row + 4 * own);
  let b_start = origin(params.b, params.ab_outer.zw, place);
  let b0 = b_lines(b_start, column);
  let b1 = b_lines(b_start, column + 4);
  let first = place.split * params.size.w;
  let end = min(first + params.size.w, params.size.z);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c20 = mat4x4f();
  var c21 = mat4x4f();
  var c30 = mat4x4f();
  var c31 = mat4x4f();
  for (var k = first; k < end; k += 4u) {
    let rows = share_block(a_block(a_own, k));
    let left = b_block(b0, k);
    c00 += left * rows[0];
    c10 += left * rows[1];
    c20 += left * rows[2];
    c30 += left * rows[3];
    let right = b_block(b1, k);
    c01 += right * rows[0];
    c11 += right * rows[1];
    c21 += right * rows[2];
    c31 += right * rows[3];
  }
  emit_tile(
    array<mat4x4f, KEPT>(c00, c01, c10, c11, c20, c21, c30, c31), place, row, column, 4, 4);
}
