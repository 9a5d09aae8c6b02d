// Stores matrices as float16, rows padded to fours with zeros: y[z, i, j] = f16(x[z, i, j]) for all rows of all copies z.
// Grid: an invocation per four elements of a row, folded into x and y. Reads x (row-major), writes y. Rounds to one of the two
// neighbouring float16s; below 2⁻¹⁴ a number may become 0, above 65,504 it becomes infinite.
enable f16;
struct Params {
  columns: u32,
  rows: u32,        // of a copy
  total: u32,       // of all copies
  offset: u32,
  row: u32,         // elements of x from row to row
  copy: u32,        // and from copy to copy
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f16>>;

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.x + group.y * groups.x) * WORKGROUP + lane;
  let quads = (params.columns + 3) / 4;
  let line = index / quads;
  if (line >= params.total) {
    return;
  }
  let columns = index % quads * 4 + vec4u(0, 1, 2, 3);
  let start = params.offset + line / params.rows * params.copy + line % params.rows * params.row;
  let at = start + min(columns, vec4u(params.columns - 1));
  let values = vec4f(x[at.x], x[at.y], x[at.z], x[at.w]);
  y[index] = vec4<f16>(select(vec4f(0), values, columns < vec4u(params.columns)));
}
