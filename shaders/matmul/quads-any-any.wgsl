// C = epilogue(A·B), loads one by one; shared by quads.
// A [M, K], B [K, N], C [M, N] dense, all over up to three outer axes; float32 sums in order of K. Any strides and extents.
// Grid: one workgroup per 16 × 32 outputs, folded into x and y. Reads a, b and what the epilogue names; writes c.
enable subgroups;
#include "lib/matmul/params.wgsl"
#include "lib/matmul/a-any.wgsl"
#include "lib/matmul/b-any.wgsl"
#include "lib/matmul/epilogue.wgsl"
#include "lib/matmul/store-any.wgsl"
#include "lib/matmul/output.wgsl"
#include "lib/matmul/quads.wgsl"
