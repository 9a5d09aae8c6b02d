// Layer norm of rows: y = gain (x - mean) / sqrt(variance + epsilon) + bias, mean and biased
// variance over the row.
//
// Shapes  input, output [copies, rows, columns]; gain, bias [copies or 1, columns]; layouts are
//         (offset, replica stride).
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   input three times, gain, bias. Writes output.
// Caveat  two passes for the variance; sums in blocks. A constant row gives the bias.
// Source  J. Ba, J. Kiros, G. Hinton, arXiv 1607.06450.
#include "lib/rows/single.wgsl"
#include "lib/rows/layer-norm.wgsl"
