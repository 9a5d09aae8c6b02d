// Body of the linear-gradient kernels for GPUs: shaders/linear-gradient/tiled.wgsl says what they compute. A workgroup of 8 × 8
// invocations computes 64 × 64 elements, 8 × 8 each, from tiles of both factors (16 steps, 4 KiB each) in workgroup memory, as
// lib/matmul/tiled.wgsl does; which product it is part of is the same for all of them.
#include "lib/linear-gradient/params.wgsl"

var<workgroup> a_tile: array<vec4f, 256>;  // [16 steps][16 blocks of 4 rows of the result]
var<workgroup> b_tile: array<vec4f, 256>;  // [16 steps][16 blocks of 4 columns]

struct Tile {
  weights: u32,  // 1 for a tile of dW, 0 for one of dX
  copy: u32,
  split: u32,
  row: u32,
  column: u32,
  first: u32,     // steps of the sum
  end: u32,
}

fn locate(index: u32) -> Tile {
  var tile: Tile;
  let weights = index < params.weightTiles;
  tile.weights = u32(weights);
  var rest = select(index - params.weightTiles, index, weights);
  let extents = select(params.tiles.zw, params.tiles.xy, weights);
  tile.column = rest % extents.x * 64;
  rest /= extents.x;
  tile.row = rest % extents.y * 64;
  rest /= extents.y;
  let splits = select(1u, params.splits, weights);
  tile.split = rest % splits;
  tile.copy = rest / splits;
  tile.first = tile.split * params.chunk;
  tile.end = select(params.outputs, min(tile.first + params.chunk, params.rows), weights);
  return tile;
}

// Steps k … k + 3 of four rows of the result as columns: of dYᵀ, or of dY.
fn rows_block(tile: Tile, row: u32, k: u32) -> mat4x4f {
  let four = vec4u(0, 1, 2, 3);
  if (tile.weights == 1) {
    let steps = k + four;
    let keep = select(vec4f(0), vec4f(1), steps < vec4u(tile.end));
    let at = place(params.dy, tile.copy, 0, inside(row, params.outputs))
      + min(steps, vec4u(params.rows - 1)) * (params.dy.y / 4);
    return mat4x4f(dy[at.x] * keep.x, dy[at.y] * keep.y, dy[at.z] * keep.z, dy[at.w] * keep.w);
  }
  // Behind the last column of dY are zeros.
  let at = place(params.dy, tile.copy, 0, k) + min(row + four, vec4u(params.rows - 1)) * (params.dy.y / 4);
  return transpose(mat4x4f(dy[at.x], dy[at.y], dy[at.z], dy[at.w]));
}

// Steps k … k + 3 of four columns: of X, or of W. Steps past the end repeat the last and meet zeros.
fn columns_block(tile: Tile, column: u32, k: u32) -> mat4x4f {
  let steps = k + vec4u(0, 1, 2, 3);
  if (tile.weights == 1) {
    let at = place(params.x, tile.copy, 0, inside(column, params.inputs))
      + min(steps, vec4u(params.rows - 1)) * (params.x.y / 4);
    return mat4x4f(x[at.x], x[at.y], x[at.z], x[at.w]);
  }
  let at = place(params.w, tile.copy, 0, inside(column, params.inputs))
    + min(steps, vec4u(params.outputs - 1)) * (params.w.y / 4);
  return mat4x4f(w[at.x], w[at.y], w[at.z], w[at.w]);
}

fn emit(value: vec4f, tile: Tile, row: u32, column: u32) {
  if (column >= params.inputs) {
    return;
  }
  if (tile.weights == 1) {
    if (row < params.outputs) {
      dw[place(params.dw, tile.copy, row, column) + tile.split * (params.dw.w / 4)] = value;
    }
  } else if (row < params.rows) {
    var result = value;
    if (wants(RESIDUAL)) {
      result += other[place(params.other, tile.copy, row, column)];
    }
    if (wants(GATE)) {
      let gate = other[place(params.other, tile.copy, row, column)];
      result = select(vec4f(0), result, gate > vec4f(0));
    }
    store_input(place(params.dx, tile.copy, row, column), result);
  }
}

fn emit_block(block: mat4x4f, tile: Tile, row: u32, column: u32) {
  emit(block[0], tile, row, column);
  emit(block[1], tile, row + 1, column);
  emit(block[2], tile, row + 2, column);
  emit(block[3], tile, row + 3, column);
}

// Row i of the result, as a column, is x[i] · y.
fn outer(x: vec4f, y: vec4f) -> mat4x4f {
  return mat4x4f(x.x * y, x.y * y, x.z * y, x.w * y);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index >= params.total) {
    return;
  }
  let tile = locate(index);
  // Which of 4 blocks of steps (x) and 16 blocks across (y) this invocation loads: neighbours lie side by side in memory.
  let of_b = vec2u(lane / 16, lane % 16);
  let of_a = select(vec2u(lane % 4, lane / 4), of_b, tile.weights == 1);
  let across = lane % 8;
  let down = lane / 8;
  let summing = wants(SUMS) && tile.weights == 1 && tile.column == 0 && lane < 16;
  var sum = vec4f(0);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = tile.first; k < tile.end; k += 16u) {
    var a_new = mat4x4f();
    var b_new = mat4x4f();
    if (k + of_a.x * 4 < tile.end) {
      a_new = rows_block(tile, tile.row + of_a.y * 4, k + of_a.x * 4);
    }
    if (k + of_b.x * 4 < tile.end) {
      b_new = columns_block(tile, tile.column + of_b.y * 4, k + of_b.x * 4);
    }
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      a_tile[(of_a.x * 4 + q) * 16 + of_a.y] = a_new[q];
      b_tile[(of_b.x * 4 + q) * 16 + of_b.y] = b_new[q];
    }
    workgroupBarrier();
    for (var step = 0u; step < 256u; step += 16u) {
      let top = a_tile[step + down];
      let bottom = a_tile[step + 8 + down];
      let left = b_tile[step + across];
      let right = b_tile[step + 8 + across];
      c00 += outer(top, left);
      c01 += outer(top, right);
      c10 += outer(bottom, left);
      c11 += outer(bottom, right);
    }
    if (summing) {
      for (var step = lane; step < 256u; step += 16u) {
        sum += a_tile[step];
      }
    }
  }
  let row = tile.row + down * 4;
  let column = tile.column + across * 4;
  emit_block(c00, tile, row, column);
  emit_block(c01, tile, row, column + 32);
  emit_block(c10, tile, row + 32, column);
  emit_block(c11, tile, row + 32, column + 32);
  // Sums past the end are zero, as is what stands between the tensors of a flat buffer.
  let output = tile.row + lane * 4;
  if (summing && output < params.outputs) {
    dw[place(params.sums, tile.copy, 0, output) + tile.split * (params.sums.w / 4)] = sum;
  }
}
