// 1 where the label's logit is above all others, else 0; a tie is wrong.
//
// Shapes  logits [copies, rows, columns >= 2], labels u32 [copies, rows], output [copies, rows];
//         layouts are (offset, replica stride) in elements.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   logits, labels. Writes output.
// Caveat  exact, but for differences of subnormal size. Labels out of range count as the last
//         class.
// Source  the definition.
#include "lib/rows/single.wgsl"
#include "lib/rows/correct.wgsl"
