// As attention-query-rows.wgsl, for any depth up to 128, offset and strides.
//
// Shapes  query, gradient, attended [copies, batch, queries, heads, depth]; key, value [copies,
//         batch, keys, heads, depth].
// Grid    an invocation per (copy, example, 4 queries, head), heads fastest; folded into x and y.
// Reads   query, gradient once per 4 keys, attended, key, value, as floats. Writes output.
#include "lib/attention/load-scalar.wgsl"
#include "lib/attention/load-scalar-gradient.wgsl"
#include "lib/attention/load-scalar-attended.wgsl"
#include "lib/attention/query-rows.wgsl"
