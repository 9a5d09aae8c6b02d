// Body of the product for software adapters with subgroups: a workgroup is a quad and computes 16 rows by 32 columns. An
// invocation keeps 16 rows of 8 columns, whose part of B it alone loads; of A each loads one block of 4 rows, and all share the four. Neither workgroup memory nor barriers; sums in order of K, four at a time as in registers.wgsl, so same bits.
#include "lib/quads.wgsl"

const WORKGROUP = 4u;
override STRIPS: u32 = 1u;  // 1 or 2: fewer loads for each product, and twice as much to compile

// A strip on its way out, as in output.wgsl, with a bias of columns, ReLU, and one operand beside it: the residual, or where the gate is wanted
// that, in the residual's place. A software adapter takes both sides of a branch and masks one; only a loop without a round costs
// nothing, so what few products want is such a loop.
fn emit_strip(strip: Strip, place: Place, row: u32, column: u32) {
  var blocks = strip;
  let at = find_origins(place);
  let start = at.c + place.split * params.outer.w;
  let rows = min(16, max(params.size.x, row) - row);
  for (var x = 0u; x < 2; x++) {
    let first = column + 4 * x;
    var added = vec4f(0);
    for (var wanted = wants(BIAS); wanted; wanted = false) {
      added = bias_of(at, row, first);
    }
    let inside = first + vec4u(0, 1, 2, 3) < vec4u(params.size.y);
    for (var y = 0u; y < rows; y++) {
      let sum = blocks[4 * x + y / 4][y % 4] + added;
      var value = unless_nan4(sum, activate(sum));
      for (var wanted = wants(RESIDUAL | GATE); wanted; wanted = false) {
        let beside = residual_of(at, row + y, first);
        let gated = select(vec4f(0), value, beside > vec4f(0));
        value = select(value + beside, gated, wants(GATE));
      }
      if (inside.x) {
        store(select(vec4f(0), value, inside), start, row + y, first);
      }
    }
  }
}

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
  let row = place.tile.y * 16 * STRIPS;
  let column = place.tile.x * 32 + own * 8;
  let a_start = origin(params.a, params.ab_outer.xy, place);
  let b_start = origin(params.b, params.ab_outer.zw, place);
  let a0 = a_lines(a_start, row + 4 * own);
  let a1 = a_lines(a_start, row + 4 * own + 16);
  let b0 = b_lines(b_start, column);
  let b1 = b_lines(b_start, column + 4);
  let first = place.split * params.size.w;
  let end = min(first + params.size.w, params.size.z);
  var upper = Strip();
  var lower = Strip();
  for (var k = first; k < end; k += 4u) {
    let left = b_block(b0, k);
    let right = b_block(b1, k);
    add_product(&upper, share_block(a_block(a0, k)), left, right);
    if (STRIPS > 1) {
      add_product(&lower, share_block(a_block(a1, k)), left, right);
    }
  }
  emit_strip(upper, place, row, column);
  if (STRIPS > 1) {
    emit_strip(lower, place, row + 16, column);
  }
}
