// As attention-short.wgsl, for any depth, offset and strides.
//
// Shapes  query, output [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; strided.
// Grid    an invocation per (copy, example, query, head), heads fastest; folded into x and y.
// Reads   query, key, value, as floats. Writes output.
#include "lib/attention/load-scalar.wgsl"
#include "lib/attention/short.wgsl"
