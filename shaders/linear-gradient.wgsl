// Backward pass of a linear map Y = X Wᵀ in one launch, from the gradient dY of its result:
//
//   dW = dYᵀ X,   dX = gate(dY W + residual),   and with SUMS  db = sum of the rows of dY
//
// The two products share dY and do not wait for each other: what either leaves idle of the device, the other takes.
//
// Shapes  dY [copies, rows, outputs], X and dX [copies, rows, inputs], W and dW [copies, outputs, inputs], db [copies,
//         outputs]; places are (offset, stride of rows, stride of copies, unused), all multiples of 4 elements. Inputs a multiple of 4;
//         rows of dY padded with zeros to one. db lies in the buffer of dW.
// Grid    a quad per tile of 16 × 32 elements, first those of dW, then those of dX; folded into x and y.
// Reads   dY, X, W, and with RESIDUAL or GATE the operand `other`. Writes dW, dX, db.
// Caveat  float32 sums in order of rows and outputs. No barrier; an invocation keeps 16 × 8 elements.
enable subgroups;
#include "lib/linear-gradient/quads.wgsl"

@group(0) @binding(6) var<storage, read_write> dx: array<vec4f>;

fn store_input(at: u32, value: vec4f) {
  dx[at] = value;
}

fn store_sums(at: u32, sums: vec4f) {
  dw[at] = sums;
}
