// Matrix product: parameters and the way from a workgroup to its place in the grid.
//
// C[z, i, j] = Σ_k A[z, i, k]·B[z, k, j] for all z of replica × two batch axes, then the epilogue (epilogue.wgsl). All
// strides and offsets are in elements and free, so a transposed operand is one with swapped strides. With splits > 1
// workgroups of one tile take a chunk of K each and write partial products, which matmul/reduce.wgsl adds up.

// Where element (i, j) of an operand lies: place.x + i·place.y + j·place.z + replica·place.w + batch axes · batch.
struct Params {
  size: vec4u,    // M, N, K, elements of K per split (a multiple of 4)
  grid: vec4u,    // workgroups along N, along M, number of splits, workgroups in all
  batch: vec4u,   // extents of the two batch axes; elements between two partial products; unused
  a: vec4u,       // of (i, k)
  b: vec4u,       // of (k, j)
  c: vec4u,       // rows are dense: place.y = N, place.z = 1
  bias: vec4u,
  residual: vec4u,
  gate: vec4u,
  ab_batch: vec4u,          // batch strides of A (x, y) and B (z, w)
  c_bias_batch: vec4u,      // of C and the bias
  residual_gate_batch: vec4u,
}
@group(0) @binding(0) var<uniform> params: Params;

// A workgroup's tile column, tile row and split; the batch indices and the replica.
struct Place {
  tile: vec2u,
  split: u32,
  batch: vec2u,
  replica: u32,
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
  place.batch.y = rest % params.batch.y;
  rest /= params.batch.y;
  place.batch.x = rest % params.batch.x;
  place.replica = rest / params.batch.x;
  return place;
}

// First element of an operand for a replica and batch indices.
fn origin(operand: vec4u, strides: vec2u, place: Place) -> u32 {
  return operand.x + place.replica * operand.w + dot(place.batch, strides);
}
