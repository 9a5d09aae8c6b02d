// Where an invocation finds its row. A team of TEAM invocations (a power of two) shares a row,
// WORKGROUP / TEAM rows a workgroup, the grid folded into x and y. Rows of length `columns` lie one
// after another, from any offset: they are read as the vec4s that cover them, with a mask for what
// belongs to the neighbours. The kernel declares params.rows (rows of one replica) and params.total
// (of all).

override WORKGROUP: u32 = 64;
override TEAM: u32 = 1;

const LOWEST: f32 = -3.0e38;

struct Place {
  // At most params.total - 1: a team past the end repeats the last row, since barriers want all,
  // and stores nothing.
  row: u32,
  lane: u32,
  inside: bool,
}

fn find_place(workgroup: vec3u, groups: vec3u, local: u32) -> Place {
  let group = workgroup.x + workgroup.y * groups.x;
  let row = group * (WORKGROUP / TEAM) + local / TEAM;
  return Place(min(row, params.total - 1u), local % TEAM, row < params.total);
}

// First element of a row in a block laid out as (offset, replica stride), rows `width` apart.
fn row_start(block: vec2u, row: u32, width: u32) -> u32 {
  return block.x + (row / params.rows) * block.y + (row % params.rows) * width;
}

// Columns of the four elements of vec4 number i, for a row that starts at `start`; those before it
// wrap around.
fn columns_of(i: u32, start: u32) -> vec4u {
  return vec4u(4u * i - start) + vec4u(0u, 1u, 2u, 3u);
}
