// Barrier-free body of the linear-gradient kernels: shaders/linear-gradient.wgsl says what they compute.
#include "lib/linear-gradient/params.wgsl"

override WORKGROUP: u32 = 4u;

// Row and column within a tile of its four outputs number `quad` of sixteen, as store_* takes them from its blocks. Written out,
// the way out would be most of what a driver compiles.
fn within(quad: u32) -> vec2u {
  return vec2u(quad / 8 * 4 + quad % 4, quad / 4 % 2 * 4);
}

fn store_weights(tile: array<mat4x4f, 4>, copy: u32, row: u32, column: u32) {
  var blocks = tile;
  for (var q = 0u; q < 16u; q++) {
    let at = vec2u(row, column) + within(q);
    if (at.x < params.outputs && at.y < params.inputs) {
      dw[place(params.dw, copy, at.x, at.y)] = blocks[q / 4][q % 4];
    }
  }
}

// 8 outputs by 8 inputs of dW. Columns of a block are its rows; rows of dY past the end count as zero.
fn weights(tile: u32) {
  let copy = tile / (params.tiles.x * params.tiles.y);
  let column = tile % params.tiles.x * 8;
  let row = tile / params.tiles.x % params.tiles.y * 8;
  let top_at = place(params.dy, copy, 0, inside(row, params.outputs));
  let bottom_at = place(params.dy, copy, 0, inside(row + 4, params.outputs));
  let left_at = place(params.x, copy, 0, inside(column, params.inputs));
  let right_at = place(params.x, copy, 0, inside(column + 4, params.inputs));
  let steps = vec2u(params.dy.y, params.x.y) / 4;
  let summing = wants(SUMS) && column == 0;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var sum_top = vec4f(0);
  var sum_bottom = vec4f(0);
  for (var k = 0u; k < params.rows; k += 4u) {
    let rows = k + vec4u(0, 1, 2, 3);
    let at = min(rows, vec4u(params.rows - 1));
    let a = at * steps.x;
    let b = at * steps.y;
    let keep = select(vec4f(0), vec4f(1), rows < vec4u(params.rows));
    let t0 = top_at + a;
    let t1 = bottom_at + a;
    let top = transpose(
      mat4x4f(dy[t0.x] * keep.x, dy[t0.y] * keep.y, dy[t0.z] * keep.z, dy[t0.w] * keep.w));
    let bottom = transpose(
      mat4x4f(dy[t1.x] * keep.x, dy[t1.y] * keep.y, dy[t1.z] * keep.z, dy[t1.w] * keep.w));
    let l = left_at + b;
    let r = right_at + b;
    let left = mat4x4f(x[l.x], x[l.y], x[l.z], x[l.w]);
    let right = mat4x4f(x[r.x], x[r.y], x[r.z], x[r.w]);
    c00 += left * top;
    c01 += right * top;
    c10 += left * bottom;
    c11 += right * bottom;
    if (summing) {
      sum_top += vec4f(1) * top;
      sum_bottom += vec4f(1) * bottom;
    }
  }
  store_weights(array<mat4x4f, 4>(c00, c01, c10, c11), copy, row, column);
  if (summing) {
    // Sums past the end are zero, as is what stands between the tensors of a flat buffer.
    store_sums(place(params.sums, copy, 0, row), sum_top);
    if (row + 4 < params.outputs) {
      store_sums(place(params.sums, copy, 0, row + 4), sum_bottom);
    }
  }
}

fn store_inputs(tile: array<mat4x4f, 4>, copy: u32, row: u32, column: u32) {
  var blocks = tile;
  for (var q = 0u; q < 16u; q++) {
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

// 8 rows by 8 inputs of dX.
fn inputs(tile: u32) {
  let copy = tile / (params.tiles.z * params.tiles.w);
  let column = tile % params.tiles.z * 8;
  let row = tile / params.tiles.z % params.tiles.w * 8;
  let near = min(row + vec4u(0, 1, 2, 3), vec4u(params.rows - 1));
  let far = min(row + vec4u(4, 5, 6, 7), vec4u(params.rows - 1));
  let start = place(params.dy, copy, 0, 0);
  let top_at = start + near * (params.dy.y / 4);
  let bottom_at = start + far * (params.dy.y / 4);
  let left_at = place(params.w, copy, 0, inside(column, params.inputs));
  let right_at = place(params.w, copy, 0, inside(column + 4, params.inputs));
  let step = params.w.y / 4;
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = 0u; k < params.outputs; k += 4u) {
    // Rows of W past the end repeat the last: they meet the zeros behind a row of dY.
    let at = min(k + vec4u(0, 1, 2, 3), vec4u(params.outputs - 1)) * step;
    let t = top_at + k / 4;
    let b = bottom_at + k / 4;
    let top = mat4x4f(dy[t.x], dy[t.y], dy[t.z], dy[t.w]);
    let bottom = mat4x4f(dy[b.x], dy[b.y], dy[b.z], dy[b.w]);
    let l = left_at + at;
    let r = right_at + at;
    let left = mat4x4f(w[l.x], w[l.y], w[l.z], w[l.w]);
    let right = mat4x4f(w[r.x], w[r.y], w[r.z], w[r.w]);
    c00 += left * top;
    c01 += right * top;
    c10 += left * bottom;
    c11 += right * bottom;
  }
  store_inputs(array<mat4x4f, 4>(c00, c01, c10, c11), copy, row, column);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.x + group.y * groups.x) * WORKGROUP + lane;
  if (index >= params.total) {
    return;
  }
  if (index < params.weightTiles) {
    weights(index);
  } else {
    inputs(index - params.weightTiles);
  }
}
