// Cross-entropy of logits with integer labels, in one pass over the rows: what LOSS, CORRECT and
// GRADIENT ask for. With m = max(0, max over j != y of (l_j - l_y)):
//
//   loss      m + log1p(sum over j != y of exp(l_j - l_y - m) + (exp(-m) - 1))
//   correct   1 where the label's logit is finite and above all others, else 0
//   gradient  share p_j for j != y, and -share sum over j != y of p_j at the label,
//             p_j = exp(l_j - l_y - m) / (exp(-m) + sum over j != y of exp(l_j - l_y - m))
//
// The label's part is a sum and never p_y - 1, which would round away what is left to learn.
//
// Shapes  logits [copies, rows, columns >= 2], rows `stride` apart; labels u32 [copies, rows]; share
//         [copies, rows], or one for all; output, per replica, the gradient in rows of
//         gradientColumns from 0 on, losses from lossAt, corrects from correctAt; layouts are
//         (offset, replica stride) in elements.
// Grid    an invocation per row, WORKGROUP rows a workgroup, folded into x and y.
// Reads   logits three times, labels, share. Writes output. Zeros fill a row's gradient up to
//         gradientColumns, which may pass `columns` only where rows of logits begin at multiples of 4.
// Caveat  a loss is relatively right to 1e-6 down to 1e-38, each element of the gradient to 1e-5
//         down to 1e-30; labels out of range count as the last class.
//         Where a logit is NaN, a wrong class's +infinity or the label's any infinity, loss and gradient
//         are not finite: the loss by a test of bits, so on every adapter.
// Source  DESIGN 5.
#include "lib/rows/single.wgsl"
#include "lib/rows/cross-entropy.wgsl"
