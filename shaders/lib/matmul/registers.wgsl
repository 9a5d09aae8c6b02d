// Body of the barrier-free product: an invocation keeps a tile of 4·ROWS × 4·COLUMNS outputs in registers and walks along K by
// four: per step a 4 × 4 block of A per block row and of B per block column. Matrices hold rows of A·B as columns, so the
// product of two blocks is (B block)·(A block).
override WORKGROUP: u32 = 4u;
override ROWS: u32 = 2u;     // blocks of 4 rows per invocation, 1 or 2
override COLUMNS: u32 = 2u;  // blocks of 4 columns per invocation, 1 or 2

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.x + group.y * groups.x) * WORKGROUP + lane;
  if (index >= params.grid.w) {
    return;
  }
  let place = locate(index);
  let row = place.tile.y * 4 * ROWS;
  let column = place.tile.x * 4 * COLUMNS;
  let a_start = origin(params.a, params.ab_outer.xy, place);
  let b_start = origin(params.b, params.ab_outer.zw, place);
  let first = place.split * params.size.w;
  let end = min(first + params.size.w, params.size.z);
  let a0 = a_lines(a_start, row);
  let a1 = a_lines(a_start, row + 4);
  let b0 = b_lines(b_start, column);
  let b1 = b_lines(b_start, column + 4);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = first; k < end; k += 4u) {
    let top = a_block(a0, k);
    let left = b_block(b0, k);
    c00 += left * top;
    if (COLUMNS > 1) {
      let right = b_block(b1, k);
      c01 += right * top;
      if (ROWS > 1) {
        let bottom = a_block(a1, k);
        c10 += left * bottom;
        c11 += right * bottom;
      }
    } else if (ROWS > 1) {
      c10 += left * a_block(a1, k);
    }
  }
  emit_tile(array<mat4x4f, 4>(c00, c01, c10, c11), place, row, column, 4, 4);
}
