// Attention of up to 8 keys: softmax(scale q k^T) v per head, causal or not, everything in
// registers.
//
// Shapes  query, output [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided in all but the depth. Depth, offsets and strides are multiples of
//         4.
// Grid    an invocation per (copy, example, query, head), heads fastest; folded into x and y.
// Reads   query, key, value. Writes output.
// Caveat  scores are float32 sums; a masked key weighs exactly 0. A row's 4 scores are one vec4, q
//         times the matrix of keys.
// Source  the definition (A. Vaswani et al., arXiv 1706.03762, equation 1).
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/short.wgsl"
