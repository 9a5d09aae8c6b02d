// Gradient of cross-entropy by the logits, g the gradient of the row's loss:
//
//   g p_j for j != y, and -g sum over j != y of p_j at the label,
//   p_j = exp(l_j - l_y - m) / (exp(-m) + sum over j != y of exp(l_j - l_y - m)),
//   m = max(0, max over j != y of (l_j - l_y))
//
// The label's part is a sum and never p_y - 1, which would round away what is left to learn.
//
// Shapes  logits, output [copies, rows, columns >= 2]; labels u32, gradient [copies, rows]; layouts
//         are (offset, replica stride) in elements.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   logits three times, labels, gradient. Writes output.
// Caveat  every element is relatively right to 1e-5 down to 1e-30 (margins are rounded
//         differences); labels out of range count as the last class.
// Source  DESIGN 5.
#include "lib/rows/single.wgsl"
#include "lib/rows/cross-entropy-gradient.wgsl"
