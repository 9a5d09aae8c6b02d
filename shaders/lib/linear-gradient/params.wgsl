// What all kernels of linear gradients read, and where it lies: shaders/linear-gradient.wgsl.

// What is asked for beside the products: parameters and no overrides, as all would be compiled again for each.
const SUMS: u32 = 1u;
const RESIDUAL: u32 = 2u;  // `other` is added
const GATE: u32 = 4u;      // dX where `other` > 0, else 0: the adjoint of ReLU, `other` its saved output

struct Params {
  rows: u32,
  inputs: u32,
  outputs: u32,
  weightTiles: u32,  // of all copies
  tiles: vec4u,      // of dW along inputs and outputs, of dX along inputs and rows
  total: u32,        // tiles of both in all copies
  parts: u32,        // sum of SUMS, RESIDUAL and GATE
  splits: u32,       // partial sums of dW and db, each of
  chunk: u32,        // so many rows
  // Of each operand: offset, stride of rows, of copies, and for dW and db of partial sums.
  dy: vec4u,
  x: vec4u,
  w: vec4u,
  dw: vec4u,
  dx: vec4u,
  other: vec4u,
  sums: vec4u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> w: array<vec4f>;
@group(0) @binding(4) var<storage, read> other: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dw: array<vec4f>;

fn wants(part: u32) -> bool {
  return (params.parts & part) != 0;
}

// vec4 that holds element (row, column) of a matrix; columns are multiples of 4.
fn place(matrix: vec4u, copy: u32, row: u32, column: u32) -> u32 {
  return (matrix.x + copy * matrix.z + row * matrix.y + column) / 4;
}

// First column of the four that begin at `column`, the last four where those lie behind the end.
fn inside(column: u32, extent: u32) -> u32 {
  return min(column, (extent - 1) / 4 * 4);
}
