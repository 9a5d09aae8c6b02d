// As layer-norm-moments.wgsl, for GPUs: TEAM invocations a row.
//
// Shapes  input [copies, rows, columns] by (offset, replica stride); moments [copies, rows, 2],
//         dense.
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   input twice. Writes moments. Reduces in WORKGROUP floats of workgroup memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/layer-norm-moments.wgsl"
