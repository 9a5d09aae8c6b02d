// As softmax-gradient.wgsl, for GPUs and rows of more than a few elements: TEAM invocations a row.
//
// Shapes  saved, gradient, output [copies, rows, columns]; layouts are (offset, replica stride) in
//         elements.
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   saved and gradient, twice. Writes output. Reduces in WORKGROUP floats of workgroup
//         memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/softmax-gradient.wgsl"
