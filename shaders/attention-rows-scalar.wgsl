// As attention-rows.wgsl, for any depth up to 128, offset and strides.
//
// Shapes  query, output [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided.
// Grid    an invocation per (copy, example, 4 queries, head), heads fastest; folded into x and y.
// Reads   query once per 4 keys, key, value, as floats. Writes output.
#include "lib/attention/load-scalar.wgsl"
#include "lib/attention/rows.wgsl"
