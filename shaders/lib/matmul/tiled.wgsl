// Body of the product for GPUs: a workgroup of X × Y invocations computes 4·ROWS·Y × 4·COLUMNS·X outputs, up to 8 × 8 each, from
// tiles of A and B (16 steps of K) in workgroup memory: 8 KiB for 64 × 64 outputs, 16 KiB for 128 × 128. Each invocation loads
// one or two 4 × 4 blocks per 16 steps, guarded at the end of K; the loop over the 16 steps has no bounds. The order of the sum is
// that of K whatever the tile, so that all of them give the same bits.
// The classic scheme of Volkov and Demmel, "Benchmarking GPUs to tune dense linear algebra" (2008).
override X: u32 = 8u;  // invocations along N and M, multiples of 8 and 4
override Y: u32 = 8u;
override ROWS: u32 = 2u;     // blocks of 4 rows per invocation, 1 or 2
override COLUMNS: u32 = 2u;  // blocks of 4 columns per invocation, 1 or 2
override AHEAD: bool = false;      // load the next 16 steps before these are worked off
override A_ALONG_K: bool = true;   // neighbouring invocations load A along K (else along M), where its stride is 1
override B_ALONG_K: bool = false;  // and B along K (else along N)

override WORKGROUP: u32 = X * Y;
override A_WIDTH: u32 = ROWS * Y;     // blocks across the tile of A
override B_WIDTH: u32 = COLUMNS * X;  // and of B
override B_TILE: u32 = 16u * A_WIDTH;
override TILES: u32 = B_TILE + 16u * B_WIDTH;
var<workgroup> tiles: array<vec4f, TILES>;  // A as [16 of K][blocks of 4 rows], then B as [16 of K][blocks of 4 columns]

// A 4 × 4 block that an invocation brings in every 16 steps.
struct Share {
  lines: vec4u,
  step: u32,   // of the 16, a multiple of 4
  slot: u32,   // where its first vec4 goes
  width: u32,  // and how far it is to the next
  of_a: u32,
}

// Which of 4 blocks along K (x) and `width` across (y) block i is.
fn spread(i: u32, width: u32, along_k: bool) -> vec2u {
  return select(vec2u(i / width, i % width), vec2u(i % 4, i / 4), along_k);
}

fn share(i: u32, place: Place) -> Share {
  if (i < 4 * A_WIDTH) {
    let at = spread(i, A_WIDTH, A_ALONG_K);
    let lines = a_lines(origin(params.a, params.ab_outer.xy, place), (place.tile.y * A_WIDTH + at.y) * 4);
    return Share(lines, at.x * 4, at.x * 4 * A_WIDTH + at.y, A_WIDTH, 1u);
  }
  let at = spread(i - 4 * A_WIDTH, B_WIDTH, B_ALONG_K);
  let lines = b_lines(origin(params.b, params.ab_outer.zw, place), (place.tile.x * B_WIDTH + at.y) * 4);
  return Share(lines, at.x * 4, B_TILE + at.x * 4 * B_WIDTH + at.y, B_WIDTH, 0u);
}

// Column q of the result belongs to step q of K.
fn fetch(source: Share, k: u32, end: u32) -> mat4x4f {
  let at = k + source.step;
  if (at >= end) {
    return mat4x4f();
  }
  if (source.of_a == 1) {
    return transpose(a_block(source.lines, at));
  }
  return b_block(source.lines, at);
}

fn put(block: mat4x4f, to: Share) {
  tiles[to.slot] = block[0];
  tiles[to.slot + to.width] = block[1];
  tiles[to.slot + 2 * to.width] = block[2];
  tiles[to.slot + 3 * to.width] = block[3];
}

// Row i of the result, as a column, is x[i] · y.
fn outer(x: vec4f, y: vec4f) -> mat4x4f {
  return mat4x4f(x.x * y, x.y * y, x.z * y, x.w * y);
}

@compute @workgroup_size(WORKGROUP)
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
  let one = share(lane, place);
  let other = share(lane + WORKGROUP, place);
  let two = 4 * (A_WIDTH + B_WIDTH) > WORKGROUP;  // blocks to bring in
  // 32 neighbours compute 8 blocks by 4, so that they read few different vec4s of a tile.
  let x = lane % 8 + lane / 32 % (X / 8) * 8;
  let y = lane / 8 % 4 + lane / (4 * X) * 4;
  let first = place.split * params.size.w;
  let end = min(first + params.size.w, params.size.z);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var one_new = mat4x4f();
  var other_new = mat4x4f();
  for (var k = first; k < end; k += 16u) {
    if (!AHEAD || k == first) {
      one_new = fetch(one, k, end);
      if (two) {
        other_new = fetch(other, k, end);
      }
    }
    workgroupBarrier();
    put(one_new, one);
    if (two) {
      put(other_new, other);
    }
    workgroupBarrier();
    if (AHEAD) {
      one_new = fetch(one, k + 16, end);
      if (two) {
        other_new = fetch(other, k + 16, end);
      }
    }
    for (var step = 0u; step < 16u; step++) {
      let a_at = step * A_WIDTH + y;
      let b_at = B_TILE + step * B_WIDTH + x;
      let top = tiles[a_at];
      let left = tiles[b_at];
      c00 += outer(top, left);
      if (COLUMNS > 1) {
        let right = tiles[b_at + X];
        c01 += outer(top, right);
        if (ROWS > 1) {
          let bottom = tiles[a_at + Y];
          c10 += outer(bottom, left);
          c11 += outer(bottom, right);
        }
      } else if (ROWS > 1) {
        c10 += outer(tiles[a_at + Y], left);
      }
    }
  }
  // One copy of the way out in a loop: written out sixteen times it is most of what a driver compiles.
  var blocks = array<mat4x4f, 4>(c00, c01, c10, c11);
  for (var q = 0u; q < 16u; q++) {
    let block = vec2u(q / 4 % 2, q / 8);
    if (block.x < COLUMNS && block.y < ROWS) {
      let row = (place.tile.y * A_WIDTH + block.y * Y + y) * 4 + q % 4;
      let column = (place.tile.x * B_WIDTH + block.x * X + x) * 4;
      emit(blocks[q / 4][q % 4], place, row, column);
    }
  }
}
