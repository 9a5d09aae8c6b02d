// Gradients of attention by query, key and value for up to 4 queries and 4 keys, the probabilities
// recomputed:
//
//   dv = p^T g,  dp = g v^T,  ds = p (dp - sum p dp) scale,  dq = ds k,  dk = ds^T q
//
// Shapes  query, gradient [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided in all but the depth; output: dq, dk, dv one after another, dense.
//         Depth, offsets and strides are multiples of 4.
// Grid    an invocation per (copy, example, head), heads fastest; folded into x and y.
// Reads   query, key, gradient twice, value once. Writes output.
// Caveat  p, dp and ds are 4 x 4 matrices in registers: that is where the 4 comes from.
// Source  derivative of the softmax, written out.
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/load-vector-gradient.wgsl"
#include "lib/attention/short-gradient.wgsl"
