// As layer-norm-gradient.wgsl, for GPUs: TEAM invocations a row.
//
// Shapes  input, gradient, output [copies, rows, columns]; gain [copies or 1, columns]; layouts are
//         (offset, replica stride).
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   input four times, gradient and gain twice. Writes output. Reduces in WORKGROUP floats of
//         workgroup memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/layer-norm-gradient.wgsl"
