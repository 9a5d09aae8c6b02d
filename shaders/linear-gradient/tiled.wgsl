// Backward pass of a linear map Y = X Wᵀ in one launch, as linear-gradient.wgsl, for GPUs:
//
//   dW = dYᵀ X,   dX = gate(dY W + residual),   and with SUMS  db = sum of the rows of dY
//
// Rows of dY are many and dW is small: dW and db may come as partial sums over chunks of rows, which total.wgsl adds up for all maps
// of a step in one launch.
//
// Shapes  as linear-gradient.wgsl; dW [copies, splits, outputs, inputs] and db [copies, splits, outputs] in one buffer.
// Grid    a workgroup of 64 per tile of 64 × 64 elements, first those of dW split by split, then those of dX; folded into x and y.
// Reads   dY, X, W, and with RESIDUAL or GATE the operand `other`. Writes dW, dX, db.
// Caveat  float32 sums in order of rows and outputs. 8 KiB of workgroup memory.
#include "lib/linear-gradient/tiled.wgsl"

@group(0) @binding(6) var<storage, read_write> dx: array<vec4f>;

fn store_input(at: u32, value: vec4f) {
  dx[at] = value;
}
