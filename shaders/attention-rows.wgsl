// Attention without barriers: 4 queries an invocation, 4 keys at a time, with a running maximum and
// sum.
//
// Shapes  query, output [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided in all but the depth. Depth (at most 128), offsets and strides are
//         multiples of 4.
// Grid    an invocation per (copy, example, 4 queries, head), heads fastest; folded into x and y.
// Reads   query once per 4 keys, key, value. Writes output.
// Caveat  keys past a query's last weigh exactly 0; the sums are 4 x 128 floats of private memory.
// Source  the online softmax: M. Milakov, N. Gimelshein, arXiv 1805.02867; T. Dao et al., arXiv
//         2205.14135.
#include "lib/attention/load-vector.wgsl"
#include "lib/attention/rows.wgsl"
