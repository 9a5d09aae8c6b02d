// C = epilogue(A·B), A row-major, B row-major (forward); shared by quads.
// A [M, K], B [K, N], C [M, N] dense, all over up to three outer axes; float32 sums in order of K. Wants K and N multiples of 4.
// Grid: one workgroup per 16 × 32 outputs, folded into x and y. Reads a, b and what the epilogue names; writes c.
enable subgroups;
#include "lib/matmul/params.wgsl"
#include "lib/matmul/a-rows.wgsl"
#include "lib/matmul/b-rows.wgsl"
#include "lib/matmul/epilogue.wgsl"
#include "lib/matmul/store-vec4.wgsl"
#include "lib/matmul/output.wgsl"
#include "lib/matmul/quads.wgsl"
