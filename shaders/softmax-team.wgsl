// As softmax.wgsl, for GPUs and rows of more than a few elements: TEAM invocations a row.
//
// Shapes  input, output [copies, rows, columns], any length; layouts are (offset, replica stride)
//         in elements.
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   input, three times. Writes output. Reduces in WORKGROUP floats of workgroup memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/softmax.wgsl"
