// C = epilogue(A·B) on a software adapter with subgroups.
// A [M, K], B [K, N], C [M, N], all over up to three outer axes; float32 sums in order of K. Any strides and extents: where each lane of a
// load is fetched by itself, a vec4 costs as much as its four elements, and one kernel for all layouts is compiled once.
// Grid: one workgroup per 16 × 32 outputs, folded into x and y. Reads a, b and what the epilogue names; writes c.
enable subgroups;
#include "lib/matmul/params.wgsl"
#include "lib/matmul/a-any.wgsl"
#include "lib/matmul/b-any.wgsl"
#include "lib/matmul/epilogue.wgsl"
#include "lib/matmul/store-any.wgsl"
#include "lib/matmul/quads.wgsl"
