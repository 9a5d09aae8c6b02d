// Gradient of softmax from its saved result y: y (g - sum g y); of its logarithm from log y: g -
// exp(log y) sum g.
//
// Shapes  saved, gradient, output [copies, rows, columns]; layouts are (offset, replica stride) in
//         elements.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   saved and gradient, twice. Writes output.
// Caveat  g - sum g y cancels where one y is nearly 1; the error is that of the sum, 1e-7 of the
//         largest g.
// Source  derivative of the quotient, written out.
#include "lib/rows/single.wgsl"
#include "lib/rows/softmax-gradient.wgsl"
