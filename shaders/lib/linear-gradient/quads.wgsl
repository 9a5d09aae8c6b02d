// Body of the linear-gradient kernels for software adapters with subgroups: a workgroup is a quad and computes a tile of 16 rows by 32
// columns, as in lib/matmul/quads.wgsl. shaders/linear-gradient.wgsl says what the kernels compute.
#include "lib/linear-gradient/params.wgsl"
#include "lib/quads.wgsl"

const WORKGROUP = 4u;

// What an invocation keeps of a tile: blocks of 4 × 4, columns of a block are its rows, two blocks to a row of blocks.
alias Tile = array<mat4x4f, 8>;

// Row and column within a tile of its four outputs number `quad` of 32, as store_* takes them from its blocks. Written out, the
// way out would be most of what a driver compiles.
fn within(quad: u32) -> vec2u {
  return vec2u(quad / 8 * 4 + quad % 4, quad / 4 % 2 * 4);
}

fn store_weights(tile: Tile, copy: u32, row: u32, column: u32) {
  var blocks = tile;
  for (var q = 0u; q < 32u; q++) {
    let at = vec2u(row, column) + within(q);
    if (at.x < params.outputs && at.y < params.inputs) {
      dw[place(params.dw, copy, at.x, at.y)] = blocks[q / 4][q % 4];
    }
  }
}

// 16 outputs by 32 inputs of dW. Rows of dY past the end count as zero.
fn weights(tile: u32, own: u32) {
  let copy = tile / (params.tiles.x * params.tiles.y);
  let row = tile / params.tiles.x % params.tiles.y * 16;
  let column = tile % params.tiles.x * 32 + own * 8;
  let own_at = place(params.dy, copy, 0, inside(row + 4 * own, params.outputs));
  let left_at = place(params.x, copy, 0, inside(column, params.inputs));
  let right_at = place(params.x, copy, 0, inside(column + 4, params.inputs));
  let steps = vec2u(params.dy.y, params.x.y) / 4;
  let summing = wants(SUMS) && tile % params.tiles.x == 0;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c20 = mat4x4f();
  var c21 = mat4x4f();
  var c30 = mat4x4f();
  var c31 = mat4x4f();
  var sums = vec4f(0);
  for (var k = 0u; k < params.rows; k += 4u) {
    let rows = k + vec4u(0, 1, 2, 3);
    let at = min(rows, vec4u(params.rows - 1));
    let keep = select(vec4f(0), vec4f(1), rows < vec4u(params.rows));
    let d = own_at + at * steps.x;
    let mine = transpose(
      mat4x4f(dy[d.x] * keep.x, dy[d.y] * keep.y, dy[d.z] * keep.z, dy[d.w] * keep.w));
    let all = share_block(mine);
    let l = left_at + at * steps.y;
    let r = right_at + at * steps.y;
    let left = mat4x4f(x[l.x], x[l.y], x[l.z], x[l.w]);
    let right = mat4x4f(x[r.x], x[r.y], x[r.z], x[r.w]);
    c00 += left * all[0];
    c01 += right * all[0];
    c10 += left * all[1];
    c11 += right * all[1];
    c20 += left * all[2];
    c21 += right * all[2];
    c30 += left * all[3];
    c31 += right * all[3];
    if (summing) {
      sums += vec4f(1) * mine;
    }
  }
  store_weights(Tile(c00, c01, c10, c11, c20, c21, c30, c31), copy, row, column);
  // Sums past the end are zero, as is what stands between the tensors of a flat buffer.
  if (summing && row + 4 * own < params.outputs) {
    store_sums(place(params.sums, copy, 0, row + 4 * own), sums);
  }
}

fn store_inputs(tile: Tile, copy: u32, row: u32, column: u32) {
  var blocks = tile;
  for (var q = 0u; q < 32u; q++) {
    let at = vec2u(row, column) + within(q);
    if (at.x < params.rows && at.y < params.inputs) {
      var value = blocks[q / 4][q % 4];
      if (wants(RESIDUAL)) {
        value += other[place(params.other, copy, at.x, at.y)];
      }
      if (wants(GATE)) {
        let gate = other[place(params.other, copy, at.x, at.y)];
        value = select(vec4f(0), value, gate > vec4f(0));
      }
      store_input(place(params.dx, copy, at.x, at.y), value);
    }
  }
}

// 16 rows by 32 inputs of dX.
fn inputs(tile: u32, own: u32) {
  let copy = tile / (params.tiles.z * params.tiles.w);
  let row = tile / params.tiles.z % params.tiles.w * 16;
  let column = tile % params.tiles.z * 32 + own * 8;
  let lines = min(row + 4 * own + vec4u(0, 1, 2, 3), vec4u(params.rows - 1));
  let own_at = place(params.dy, copy, 0, 0) + lines * (params.dy.y / 4);
  let left_at = place(params.w, copy, 0, inside(column, params.inputs));
  let right_at = place(params.w, copy, 0, inside(column + 4, params.inputs));
  let step = params.w.y / 4;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var c20 = mat4x4f();
  var c21 = mat4x4f();
  var c30 = mat4x4f();
  var c31 = mat4x4f();
  for (var k = 0u; k < params.outputs; k += 4u) {
    let d = own_at + k / 4;
    let all = share_block(mat4x4f(dy[d.x], dy[d.y], dy[d.z], dy[d.w]));
    // Rows of W past the end repeat the last: they meet the zeros behind a row of dY.
    let at = min(k + vec4u(0, 1, 2, 3), vec4u(params.outputs - 1)) * step;
    let l = left_at + at;
    let r = right_at + at;
    let left = mat4x4f(w[l.x], w[l.y], w[l.z], w[l.w]);
    let right = mat4x4f(w[r.x], w[r.y], w[r.z], w[r.w]);
    c00 += left * all[0];
    c01 += right * all[0];
    c10 += left * all[1];
    c11 += right * all[1];
    c20 += left * all[2];
    c21 += right * all[2];
    c30 += left * all[3];
    c31 += right * all[3];
  }
  store_inputs(Tile(c00, c01, c10, c11, c20, c21, c30, c31), copy, row, column);
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
