// As layer-norm.wgsl, for GPUs: TEAM invocations a row.
//
// Shapes  input, output [copies, rows, columns]; gain, bias [copies or 1, columns]; layouts are
//         (offset, replica stride).
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   input three times, gain, bias. Writes output. Reduces in WORKGROUP floats of workgroup
//         memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/layer-norm.wgsl"
