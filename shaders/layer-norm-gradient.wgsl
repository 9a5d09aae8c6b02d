// Gradient of layer norm by its input: (h - mean h - z mean(h z)) / sqrt(variance + epsilon), h =
// gain g, z = (x - mean x) / sqrt(variance + epsilon), recomputed from x.
//
// Shapes  input, gradient, output [copies, rows, columns]; gain [copies or 1, columns]; layouts are
//         (offset, replica stride).
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   input four times, gradient and gain twice. Writes output.
// Caveat  a difference of terms: right relatively to the largest of the row.
// Source  derivative of arXiv 1607.06450, equation 3.
#include "lib/rows/single.wgsl"
#include "lib/rows/layer-norm-gradient.wgsl"
