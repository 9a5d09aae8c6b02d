// As linear-gradient/tiled.wgsl, where dX lies in the buffer of dW: X is a weight itself, and dX the gradient of one.
//
// Shapes, grid, reads, caveat  as there. Writes dW, dX, db.
#include "lib/linear-gradient/tiled.wgsl"

fn store_input(at: u32, value: vec4f) {
  dw[at] = value;
}
