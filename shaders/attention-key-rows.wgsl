// Gradients of attention by key and value, without barriers:
//
//   dv_j = sum over queries of p_ij g_i,
//   dk_j = scale * sum over queries of p_ij (g_i v_j - delta_i) q_i
//
// Shapes  query, gradient [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided in all but the depth; statistics [copies, batch, heads, queries,
//         4] by (offset, replica stride); output: dk, dv, dense. Depth (at most 128), offsets and
//         strides are multiples of 4.
// Grid    an invocation per (copy, example, 4 keys, head), heads fastest; folded into x and y. No
//         atomics: a key's sums belong to one invocation.
// Reads   key, value once per 4 queries, query, gradient, statistics. Writes output.
// Caveat  p from the saved peak and sum, so that it is the forward pass's p to a few ULP.
// Source  T. Dao et al., arXiv 2205.14135, appendix B.
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/load-vector-gradient.wgsl"
#include "lib/attention/key-rows.wgsl"
