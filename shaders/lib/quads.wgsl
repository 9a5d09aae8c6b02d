// Blocks shared by the four invocations of a quad. A software adapter runs a quad at once and pays for every load of every invocation, so
// what all four need is loaded by one of them. Wants `enable subgroups;` and the quad together: no branch that only some of it take.

// All four's vectors.
fn gather_quad(mine: vec4f) -> mat4x4f {
  return mat4x4f(
    quadBroadcast(mine, 0u), quadBroadcast(mine, 1u),
    quadBroadcast(mine, 2u), quadBroadcast(mine, 3u));
}

// All four's blocks.
fn share_block(mine: mat4x4f) -> array<mat4x4f, 4> {
  let x = gather_quad(mine[0]);
  let y = gather_quad(mine[1]);
  let z = gather_quad(mine[2]);
  let w = gather_quad(mine[3]);
  return array<mat4x4f, 4>(
    mat4x4f(x[0], y[0], z[0], w[0]), mat4x4f(x[1], y[1], z[1], w[1]),
    mat4x4f(x[2], y[2], z[2], w[2]), mat4x4f(x[3], y[3], z[3], w[3]));
}

// What an invocation keeps of a tile: 16 rows by 8 columns in blocks of 4 × 4, the left four columns first. Columns of a block are its rows.
alias Strip = array<mat4x4f, 8>;

// Adds the product of four columns of A, 16 rows in blocks, and four rows of B, whose columns are in two blocks.
fn add_product(
  strip: ptr<function, Strip>, rows: array<mat4x4f, 4>, left: mat4x4f, right: mat4x4f,
) {
  (*strip)[0] += left * rows[0];
  (*strip)[1] += left * rows[1];
  (*strip)[2] += left * rows[2];
  (*strip)[3] += left * rows[3];
  (*strip)[4] += right * rows[0];
  (*strip)[5] += right * rows[1];
  (*strip)[6] += right * rows[2];
  (*strip)[7] += right * rows[3];
}
