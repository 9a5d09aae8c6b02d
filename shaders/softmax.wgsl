// Softmax of rows, or its logarithm: y = exp(x - m) / sum exp(x - m), log y = (x - m) - log sum
// exp(x - m), m = max x.
//
// Shapes  input, output [copies, rows, columns], any length; layouts are (offset, replica stride)
//         in elements.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   input, three times. Writes output.
// Caveat  exp to 2 ULP and sums in blocks: rows sum to 1 within 2^-20. Values below 1.2e-38 become
//         0. log y is near 0 for a confident row and then only absolutely right: train with
//         cross-entropy instead.
// Source  the usual shift by the maximum; sums in blocks as in N. Higham, "Accuracy and Stability",
//         4.2.
#include "lib/rows/single.wgsl"
#include "lib/rows/softmax.wgsl"
