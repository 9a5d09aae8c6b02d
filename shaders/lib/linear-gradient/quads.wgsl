// Body of the linear-gradient kernels for software adapters with subgroups: a workgroup is a quad and computes a tile of 16·STRIPS rows by 32
// columns, as in lib/matmul/quads.wgsl. shaders/linear-gradient.wgsl says what the kernels compute.
#include "lib/linear-gradient/params.wgsl"
#include "lib/quads.wgsl"

const WORKGROUP = 4u;
override STRIPS: u32 = 1u;  // 1 or 2

alias Tile = array<Strip, 2>;

// Row and column within a tile of an invocation's four outputs number `q`, and where they are in its strips.
fn within(q: u32) -> vec2u {
  return vec2u(q / 2, q % 2 * 4);
}

fn block_of(q: u32) -> u32 {
  return q % 2 * 4 + q / 8 % 4;
}

// In a loop: written out, the way out would be most of what a driver compiles.
fn store_weights(tile: Tile, copy: u32, row: u32, column: u32) {
  var strips = tile;
  for (var q = 0u; q < 32 * STRIPS; q++) {
    let at = vec2u(row, column) + within(q);
    if (at.x < params.outputs && at.y < params.inputs) {
      dw[place(params.dw, copy, at.x, at.y)] = strips[q / 32][block_of(q)][q / 2 % 4];
    }
  }
}

// Four rows of dY, each four outputs from where `at` points; rows past the end count as zero.
fn gradient_block(at: vec4u, keep: vec4f) -> mat4x4f {
  return mat4x4f(dy[at.x] * keep.x, dy[at.y] * keep.y, dy[at.z] * keep.z, dy[at.w] * keep.w);
}

// 16·STRIPS outputs by 32 inputs of dW.
fn weights(tile: u32, own: u32) {
  let copy = tile / (params.tiles.x * params.tiles.y);
  let row = tile / params.tiles.x % params.tiles.y * 16 * STRIPS;
  let column = tile % params.tiles.x * 32 + own * 8;
  let mine = row + 4 * own;
  let upper_at = place(params.dy, copy, 0, inside(mine, params.outputs));
  let lower_at = place(params.dy, copy, 0, inside(mine + 16, params.outputs));
  let left_at = place(params.x, copy, 0, inside(column, params.inputs));
  let right_at = place(params.x, copy, 0, inside(column + 4, params.inputs));
  let steps = vec2u(params.dy.y, params.x.y) / 4;
  var upper = Strip();
  var lower = Strip();
  var upper_sums = vec4f(0);
  var lower_sums = vec4f(0);
  for (var k = 0u; k < params.rows; k += 4u) {
    let rows = k + vec4u(0, 1, 2, 3);
    let at = min(rows, vec4u(params.rows - 1));
    let keep = select(vec4f(0), vec4f(1), rows < vec4u(params.rows));
    let l = left_at + at * steps.y;
    let r = right_at + at * steps.y;
    let left = mat4x4f(x[l.x], x[l.y], x[l.z], x[l.w]);
    let right = mat4x4f(x[r.x], x[r.y], x[r.z], x[r.w]);
    let own_upper = gradient_block(upper_at + at * steps.x, keep);
    upper_sums += own_upper[0] + own_upper[1] + own_upper[2] + own_upper[3];
    add_product(&upper, share_block(transpose(own_upper)), left, right);
    if (STRIPS > 1) {
      let own_lower = gradient_block(lower_at + at * steps.x, keep);
      lower_sums += own_lower[0] + own_lower[1] + own_lower[2] + own_lower[3];
      add_product(&lower, share_block(transpose(own_lower)), left, right);
    }
  }
  store_weights(Tile(upper, lower), copy, row, column);
  // Sums past the end are zero, as is what stands between the tensors of a flat buffer.
  if (wants(SUMS) && tile % params.tiles.x == 0) {
    if (mine < params.outputs) {
      store_sums(place(params.sums, copy, 0, mine), upper_sums);
    }
    if (STRIPS > 1 && mine + 16 < params.outputs) {
      store_sums(place(params.sums, copy, 0, mine + 16), lower_sums);
    }
  }
}

fn store_inputs(tile: Tile, copy: u32, row: u32, column: u32) {
  var strips = tile;
  for (var q = 0u; q < 32 * STRIPS; q++) {
    let at = vec2u(row, column) + within(q);
    if (at.x < params.rows && at.y < params.inputs) {
      var value = strips[q / 32][block_of(q)][q / 2 % 4];
      // A branch that is not taken costs as much as one that is, a loop without a round nothing (lib/matmul/quads.wgsl).
      for (var wanted = params.parts > SUMS; wanted; wanted = false) {
        let extra = other[place(params.other, copy, at.x, at.y)];
        let gated = select(vec4f(0), value, extra > vec4f(0));
        value = select(value + extra, gated, wants(GATE));
      }
      store_input(place(params.dx, copy, at.x, at.y), value);
    }
  }
}

// Four rows of a strip that begins at `row`, four outputs of each.
fn row_block(start: u32, row: u32, k: u32) -> mat4x4f {
  let rows = min(row + vec4u(0, 1, 2, 3), vec4u(params.rows - 1));
  let at = start + rows * (params.dy.y / 4) + k / 4;
  return mat4x4f(dy[at.x], dy[at.y], dy[at.z], dy[at.w]);
}

// 16·STRIPS rows by 32 inputs of dX.
fn inputs(tile: u32, own: u32) {
  let copy = tile / (params.tiles.z * params.tiles.w);
  let row = tile / params.tiles.z % params.tiles.w * 16 * STRIPS;
  let column = tile % params.tiles.z * 32 + own * 8;
  let mine = row + 4 * own;
  let start = place(params.dy, copy, 0, 0);
  let left_at = place(params.w, copy, 0, inside(column, params.inputs));
  let right_at = place(params.w, copy, 0, inside(column + 4, params.inputs));
  let step = params.w.y / 4;
  var upper = Strip();
  var lower = Strip();
  for (var k = 0u; k < params.outputs; k += 4u) {
    // Rows of W past the end repeat the last: they meet the zeros behind a row of dY.
    let at = min(k + vec4u(0, 1, 2, 3), vec4u(params.outputs - 1)) * step;
    let l = left_at + at;
    let r = right_at + at;
    let left = mat4x4f(w[l.x], w[l.y], w[l.z], w[l.w]);
    let right = mat4x4f(w[r.x], w[r.y], w[r.z], w[r.w]);
    add_product(&upper, share_block(row_block(start, mine, k)), left, right);
    if (STRIPS > 1) {
      add_product(&lower, share_block(row_block(start, mine + 16, k)), left, right);
    }
  }
  store_inputs(Tile(upper, lower), copy, row, column);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) member: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index >= params.total) {
    return;
  }
  if (index < params.weightTiles) {
    weights(index, member % 4);
  } else {
    inputs(index - params.weightTiles, member % 4);
  }
}
