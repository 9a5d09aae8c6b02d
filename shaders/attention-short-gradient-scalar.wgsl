// As attention-short-gradient.wgsl, for any depth, offset and strides.
//
// Shapes  query, gradient [copies, batch, queries, heads, depth]; key, value [copies, batch, keys,
//         heads, depth]; output: dq, dk, dv.
// Grid    an invocation per (copy, example, head), heads fastest; folded into x and y.
// Reads   query, key, gradient twice, value once, as floats. Writes output.
#include "lib/attention/load-scalar.wgsl"
#include "lib/attention/load-scalar-gradient.wgsl"
#include "lib/attention/short-gradient.wgsl"
