// Body of the product for GPUs: a workgroup of 8 × 8 invocations computes 64 × 64 outputs, 8 × 8 each, from tiles of A and B
// (16 steps of K, 4 KiB each) in workgroup memory. An invocation loads one 4 × 4 block of either per step of 16.
// The classic scheme of Volkov and Demmel, "Benchmarking GPUs to tune dense linear algebra" (2008).
override A_ALONG_K: bool = true;   // neighbouring invocations load A along K (else along M), where its stride is 1
override B_ALONG_K: bool = false;  // and B along K (else along N)

var<workgroup> a_tile: array<vec4f, 256>;  // [16 of K][16 blocks of 4 rows]
var<workgroup> b_tile: array<vec4f, 256>;  // [16 of K][16 blocks of 4 columns]

// Which of 4 blocks along K (x) and 16 across (y) an invocation loads.
fn share(lane: u32, along_k: bool) -> vec2u {
  return select(vec2u(lane / 16, lane % 16), vec2u(lane % 4, lane / 4), along_k);
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
  if (index >= params.grid.w) {
    return;
  }
  let place = locate(index);
  let row = place.tile.y * 64;
  let column = place.tile.x * 64;
  let of_a = share(lane, A_ALONG_K);
  let of_b = share(lane, B_ALONG_K);
  let a_from = a_lines(origin(params.a, params.ab_outer.xy, place), row + of_a.y * 4);
  let b_from = b_lines(origin(params.b, params.ab_outer.zw, place), column + of_b.y * 4);
  let x = lane % 8;
  let y = lane / 8;
  let first = place.split * params.size.w;
  let end = min(first + params.size.w, params.size.z);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = first; k < end; k += 16u) {
    var a_new = mat4x4f();
    var b_new = mat4x4f();
    if (k + of_a.x * 4 < end) {
      a_new = transpose(a_block(a_from, k + of_a.x * 4));
    }
    if (k + of_b.x * 4 < end) {
      b_new = b_block(b_from, k + of_b.x * 4);
    }
    workgroupBarrier();
    for (var q = 0u; q < 4u; q++) {
      a_tile[(of_a.x * 4 + q) * 16 + of_a.y] = a_new[q];
      b_tile[(of_b.x * 4 + q) * 16 + of_b.y] = b_new[q];
    }
    workgroupBarrier();
    for (var step = 0u; step < 256u; step += 16u) {
      let top = a_tile[step + y];
      let bottom = a_tile[step + 8 + y];
      let left = b_tile[step + x];
      let right = b_tile[step + 8 + x];
      c00 += outer(top, left);
      c01 += outer(top, right);
      c10 += outer(bottom, left);
      c11 += outer(bottom, right);
    }
  }
  emit_block(c00, place, row + y * 4, column + x * 4);
  emit_block(c01, place, row + y * 4, column + 32 + x * 4);
  emit_block(c10, place, row + 32 + y * 4, column + x * 4);
  emit_block(c11, place, row + 32 + y * 4, column + 32 + x * 4);
}
