// Gradient of attention by the query, without barriers, and what the gradients by key and value
// need of each query:
//
//   dq = scale / mass * sum over keys of exp(s - peak) (g v - delta) k,
//   delta = g o (o: the result of attention)
//
// Shapes  query, gradient, attended [copies, batch, queries, heads, depth]; key, value [copies,
//         batch, keys, heads, depth]; strided in all but the depth; output: dq, dense, then [batch,
//         heads, queries] rows (peak, 1 / mass, delta, 0). Depth (at most 128), offsets and strides
//         are multiples of 4.
// Grid    an invocation per (copy, example, 4 queries, head), heads fastest; folded into x and y.
// Reads   query, gradient once per 4 keys, attended, key, value. Writes output.
// Caveat  the softmax is recomputed with a running maximum; nothing of the forward pass is kept but
//         its result.
// Source  T. Dao et al., arXiv 2205.14135, appendix B.
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/load-vector-gradient.wgsl"
#include "lib/attention/load-vector-attended.wgsl"
#include "lib/attention/query-rows.wgsl"
