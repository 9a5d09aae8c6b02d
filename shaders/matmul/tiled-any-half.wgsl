// C = epilogue(A·B), A of any strides, loads one by one, B row-major in float16 (weights kept small); tiles in workgroup memory.
// A [M, K], B [K, N], C [M, N] dense, all over up to three outer axes; float32 products and sums in order of K. Any extents.
// Grid: one workgroup per tile of 4·BLOCKS·SIDE outputs a side, folded into x and y. Reads a, b and what the epilogue names; writes c.
enable f16;
#include "lib/matmul/params.wgsl"
#include "lib/matmul/a-any.wgsl"
#include "lib/matmul/b-rows-half.wgsl"
#include "lib/matmul/epilogue.wgsl"
#include "lib/matmul/store-any.wgsl"
#include "lib/matmul/output.wgsl"
#include "lib/matmul/tiled.wgsl"
