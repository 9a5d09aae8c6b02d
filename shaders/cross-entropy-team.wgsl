// As cross-entropy.wgsl, for GPUs and more than a few classes: TEAM invocations a row.
//
// Shapes  logits [copies, rows, columns >= 2], labels u32 [copies, rows], output [copies, rows].
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   logits twice, labels. Writes output. Reduces in WORKGROUP floats of workgroup memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/cross-entropy.wgsl"
