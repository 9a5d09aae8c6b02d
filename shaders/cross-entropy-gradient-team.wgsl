// As cross-entropy-gradient.wgsl, for GPUs and more than a few classes: TEAM invocations a row.
//
// Shapes  logits, output [copies, rows, columns >= 2]; labels u32, gradient [copies, rows].
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   logits three times, labels, gradient. Writes output. Reduces in WORKGROUP floats of
//         workgroup memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/cross-entropy-gradient.wgsl"
