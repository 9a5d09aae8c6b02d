// Matrix product: parameters and the way from an index to a place in the grid.
//
// C[z, i, j] = Σ_k A[z, i, k]·B[z, k, j] for all z of up to three outer axes (replicas and batches), then the epilogue
// (epilogue.wgsl). Strides and offsets are in elements and free, so a transposed operand is one with swapped strides. With
// splits > 1 each tile is computed in chunks of K, whose partial products matmul/reduce.wgsl adds up.
//
// Element (i, j) of an operand lies at x + i·y + j·z + outer axes · (w, its strides in *_outer).
struct Params {
  size: vec4u,    // M, N, K, elements of K per split (a multiple of 4)
  grid: vec4u,    // tiles along N, along M, number of splits, tiles in all
  outer: vec4u,   // extents of the three outer axes; elements between two partial products
  a: vec4u,       // of (i, k)
  b: vec4u,       // of (k, j)
  c: vec4u,       // of (i, j); its stride along j is 1
  bias: vec4u,
  residual: vec4u,
  gate: vec4u,
  ab_outer: vec4u,          // strides along the last two outer axes of A (x, y) and B (z, w)
  c_bias_outer: vec4u,      // of C and the bias
  residual_gate_outer: vec4u,
  parts: u32,               // of the epilogue
  columns: u32,             // stored of a row: N, with zeros up to the next multiple of 4 where rows have room for it
}
@group(0) @binding(0) var<uniform> params: Params;

// Tile column and row, split, and indices of the outer axes.
struct Place {
  tile: vec2u,
  split: u32,
  outer: vec3u,
}

fn locate(index: u32) -> Place {
  var rest = index;
  var place: Place;
  place.tile.x = rest % params.grid.x;
  rest /= params.grid.x;
  place.tile.y = rest % params.grid.y;
  rest /= params.grid.y;
  place.split = rest % params.grid.z;
  rest /= params.grid.z;
  place.outer.z = rest % params.outer.z;
  rest /= params.outer.z;
  place.outer.y = rest % params.outer.y;
  place.outer.x = rest / params.outer.y;
  return place;
}

// First element of an operand for the outer indices of a place.
fn origin(operand: vec4u, strides: vec2u, place: Place) -> u32 {
  return operand.x + dot(place.outer, vec3u(operand.w, strides));
}
