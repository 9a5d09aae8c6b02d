// Body of the product for adapters with subgroups: neither workgroup memory nor barriers. A workgroup computes 8 rows; an invocation
// owns COLUMNS blocks of 4 columns, whose part of B it alone loads. A is shared: of 8 rows and 2·GROUP steps of K each of GROUP
// neighbours loads one 4 × 4 block, and hands it to the others by shuffles. Which invocation stands where in a subgroup does not
// matter, as all of a workgroup have the same rows; any subgroup of GROUP invocations or more will do. Sums in order of K, or
// four at a time as in registers.wgsl. Instead of tiles in shared memory: NVIDIA, "Using CUDA warp-level primitives" (2018).
override WORKGROUP: u32 = 32u;  // a multiple of GROUP
override GROUP: u32 = 4u;       // a power of two, at most the adapter's smallest subgroup
override COLUMNS: u32 = 1u;     // blocks of 4 columns per invocation, 1 or 2
override FOURS: bool = false;
const ROWS = 2u;

// The block of A that invocation `lane` of the subgroup has loaded.
fn ask(mine: mat4x4f, lane: u32) -> mat4x4f {
  return mat4x4f(
    subgroupShuffle(mine[0], lane), subgroupShuffle(mine[1], lane),
    subgroupShuffle(mine[2], lane), subgroupShuffle(mine[3], lane));
}

// Row i of the result, as a column, is x[i] · y.
fn outer(x: vec4f, y: vec4f) -> mat4x4f {
  return mat4x4f(x.x * y, x.y * y, x.z * y, x.w * y);
}

// c + A·B for blocks that hold rows as columns.
fn add_product(c: mat4x4f, a: mat4x4f, b: mat4x4f) -> mat4x4f {
  if (FOURS) {
    return c + b * a;
  }
  let steps = transpose(a);
  return c + outer(steps[0], b[0]) + outer(steps[1], b[1]) + outer(steps[2], b[2]) + outer(steps[3], b[3]);
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) member: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index >= params.grid.w) {
    return;
  }
  let place = locate(index);
  let row = place.tile.y * 8;
  let column = (place.tile.x * COLUMNS * WORKGROUP + lane) * 4;
  let own = member % GROUP;
  let own_step = own / 2 * 4;
  let a_own = a_lines(origin(params.a, params.ab_outer.xy, place), row + own % 2 * 4);
  let b_start = origin(params.b, params.ab_outer.zw, place);
  let b0 = b_lines(b_start, column);
  let b1 = b_lines(b_start, column + 4 * WORKGROUP);
  let first = place.split * params.size.w;
  let end = min(first + params.size.w, params.size.z);
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  for (var k = first; k < end; k += 2 * GROUP) {
    var mine = mat4x4f();
    if (k + own_step < end) {
      mine = a_block(a_own, k + own_step);
    }
    let steps = min(GROUP / 2, (end - k + 3) / 4);
    for (var q = 0u; q < steps; q++) {
      let top = ask(mine, member - own + 2 * q);
      let bottom = ask(mine, member - own + 2 * q + 1);
      let left = b_block(b0, k + 4 * q);
      c00 = add_product(c00, top, left);
      c10 = add_product(c10, bottom, left);
      if (COLUMNS > 1) {
        let right = b_block(b1, k + 4 * q);
        c01 = add_product(c01, top, right);
        c11 = add_product(c11, bottom, right);
      }
    }
  }
  emit_tile(array<mat4x4f, 4>(c00, c01, c10, c11), place, row, column, 4, 4 * WORKGROUP);
}
