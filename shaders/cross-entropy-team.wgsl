// As cross-entropy.wgsl, for GPUs and more than a few classes: TEAM invocations a row.
//
// Shapes  as there.
// Grid    WORKGROUP / TEAM rows a workgroup, folded into x and y.
// Reads   logits three times, labels, share. Writes output. Reduces in WORKGROUP floats of workgroup
//         memory.
#include "lib/rows/team.wgsl"
#include "lib/rows/cross-entropy.wgsl"
