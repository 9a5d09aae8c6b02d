// As linear-gradient.wgsl, where db lies in a buffer of its own.
//
// Shapes, grid, reads, caveat  as there. Writes dW, dX, db.
enable subgroups;
#include "lib/linear-gradient/quads.wgsl"

@group(0) @binding(6) var<storage, read_write> dx: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> db: array<vec4f>;

fn store_input(at: u32, value: vec4f) {
  dx[at] = value;
}

fn store_sums(at: u32, sums: vec4f) {
  db[at] = sums;
}
