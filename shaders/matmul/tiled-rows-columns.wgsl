// C = epilogue(A·B), A row-major, B a transpose (gradient of an input); tiles in workgroup memory.
// A [M, K], B [K, N], C [M, N] dense, all over up to three outer axes; float32 sums in order of K. Wants K and N multiples of 4.
// Grid: one workgroup per tile of 4·BLOCKS·SIDE outputs a side, folded into x and y. Reads a, b and what the epilogue names; writes c.
#include "lib/matmul/params.wgsl"
#include "lib/matmul/a-rows.wgsl"
#include "lib/matmul/b-columns.wgsl"
#include "lib/matmul/epilogue.wgsl"
#include "lib/matmul/store-vec4.wgsl"
#include "lib/matmul/output.wgsl"
#include "lib/matmul/tiled.wgsl"
