// Body of the product for GPUs: a workgroup of SIDE × SIDE invocations computes a square of 4·BLOCKS·SIDE outputs a side, up to 8 × 8
// each, from tiles of A and B (16 steps of K) in workgroup memory: 8 KiB for 64 × 64 outputs, 16 KiB for 128 × 128. Each
// invocation loads one or two 4 × 4 blocks per 16 steps, guarded at the end of K; the loop over the 16 steps has no bounds. The
// order of the sum is that of K whatever the tile, so that all of them give the same bits.
// The classic scheme of Volkov and Demmel, "Benchmarking GPUs to tune dense linear algebra" (2008).
override SIDE: u32 = 8u;    // a multiple of 8
override BLOCKS: u32 = 2u;  // of 4 rows and of 4 columns per invocation, 1 or 2
override AHEAD: bool = false;      // load the next 16 steps before these are worked off
override A_ALONG_K: bool = true;   // neighbouring invocations load A along K (else along M), where its stride is 1
override B_ALONG_K: bool = false;  // and B along K (else along N)

override ROWS: u32 = BLOCKS;
override COLUMNS: u32 = BLOCKS;
override WORKGROUP: u32 = SIDE * SIDE;
override WIDTH: u32 = BLOCKS * SIDE;  // of a tile, in blocks
override B_TILE: u32 = 16u * WIDTH;
override TILES: u32 = 32u * WIDTH;
var<workgroup> tiles: array<vec4f, TILES>;  // A as [16 of K][blocks of 4 rows], then B as [16 of K][blocks of 4 columns]

// A 4 × 4 block that an invocation brings in every 16 steps.
struct Share {
  lines: vec4u,
  step: u32,  // of the 16, a multiple of 4
  slot: u32,  // where its first vec4 goes
  of_a: u32,
}

// Of 4 blocks along K and WIDTH across, those of A and then those of B.
fn share(i: u32, place: Place) -> Share {
  let of_a = i < 4 * WIDTH;
  let block = i % (4 * WIDTH);
  let along_k = select(B_ALONG_K, A_ALONG_K, of_a);
  let at = select(vec2u(block / WIDTH, block % WIDTH), vec2u(block % 4, block / 4), along_k);
  let slot = at.x * 4 * WIDTH + at.y;
  if (of_a) {
    let start = origin(params.a, params.ab_outer.xy, place);
    return Share(a_lines(start, (place.tile.y * WIDTH + at.y) * 4), at.x * 4, slot, 1u);
  }
  let start = origin(params.b, params.ab_outer.zw, place);
  return Share(b_lines(start, (place.tile.x * WIDTH + at.y) * 4), at.x * 4, B_TILE + slot, 0u);
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

fn put(block: mat4x4f, slot: u32) {
  tiles[slot] = block[0];
  tiles[slot + WIDTH] = block[1];
  tiles[slot + 2 * WIDTH] = block[2];
  tiles[slot + 3 * WIDTH] = block[3];
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
  let two = 8 * WIDTH > WORKGROUP;  // blocks to bring in
  // 32 neighbours compute 8 blocks by 4, so that they read few different vec4s of a tile.
  let x = lane % 8 + lane / 32 % (SIDE / 8) * 8;
  let y = lane / 8 % 4 + lane / (4 * SIDE) * 4;
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
    put(one_new, one.slot);
    if (two) {
      put(other_new, other.slot);
    }
    workgroupBarrier();
    if (AHEAD) {
      one_new = fetch(one, k + 16, end);
      if (two) {
        other_new = fetch(other, k + 16, end);
      }
    }
    for (var step = 0u; step < 16u; step++) {
      let a_at = step * WIDTH + y;
      let b_at = B_TILE + step * WIDTH + x;
      let top = tiles[a_at];
      let left = tiles[b_at];
      c00 += outer(top, left);
      if (BLOCKS > 1) {
        let bottom = tiles[a_at + SIDE];
        let right = tiles[b_at + SIDE];
        c01 += outer(top, right);
        c10 += outer(bottom, left);
        c11 += outer(bottom, right);
      }
    }
  }
  let row = (place.tile.y * WIDTH + y) * 4;
  let column = (place.tile.x * WIDTH + x) * 4;
  emit_tile(array<mat4x4f, 4>(c00, c01, c10, c11), place, row, column, 4 * SIDE, 4 * SIDE);
}
