// Cross-entropy of rows of logits with integer labels, relatively right also where it is 1e-38:
//
//   loss = softplus(s), s = logsumexp over j != y of (l_j - l_y), written from one set of masses as
//   loss = m + log1p(sum over j != y of exp(l_j - l_y - m) + exp(-m) - 1),
//   m = max(0, max over j != y of (l_j - l_y))
//
// Shapes  logits [copies, rows, columns >= 2], labels u32 [copies, rows], output [copies, rows];
//         layouts are (offset, replica stride) in elements.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   logits twice, labels. Writes output.
// Caveat  the margins are rounded differences: at a loss of 1e-30 they are off by 4e-6, and so is
//         the loss, relatively. Log-softmax would give multiples of 6e-8 here and stall a network
//         that has grokked. Labels out of range count as the last class; the reference throws.
// Source  DESIGN 5; the log1p of the masses is softplus of their logarithm without the logarithm's
//         rounding.
#include "lib/rows/single.wgsl"
#include "lib/rows/cross-entropy.wgsl"
