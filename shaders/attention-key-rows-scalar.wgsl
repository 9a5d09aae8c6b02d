// As attention-key-rows.wgsl, for any depth up to 128, offset and strides.
//
// Shapes  query, gradient [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth].
// Grid    an invocation per (copy, example, 4 keys, head), heads fastest; folded into x and y.
// Reads   key, value once per 4 queries, query, gradient, statistics, as floats. Writes output.
#include "lib/attention/load-scalar.wgsl"
#include "lib/attention/load-scalar-gradient.wgsl"
#include "lib/attention/key-rows.wgsl"
