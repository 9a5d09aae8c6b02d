// As linear-gradient.wgsl, where all results lie in one buffer: X is a weight itself, and dX the gradient of one.
//
// Shapes, grid, reads, caveat  as there. Writes dW, dX, db.
enable subgroups;
#include "lib/linear-gradient/quads.wgsl"

fn store_input(at: u32, value: vec4f) {
  dw[at] = value;
}

fn store_sums(at: u32, sums: vec4f) {
  dw[at] = sums;
}
