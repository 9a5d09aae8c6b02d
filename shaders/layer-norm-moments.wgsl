// Mean and 1 / sqrt(variance + epsilon) of each row, for the gradients of layer norm's gain.
//
// Shapes  input [copies, rows, columns] by (offset, replica stride); moments [copies, rows, 2],
//         dense.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   input twice. Writes moments.
// Caveat  two passes, sums in blocks.
// Source  arXiv 1607.06450.
#include "lib/rows/single.wgsl"
#include "lib/rows/layer-norm-moments.wgsl"
