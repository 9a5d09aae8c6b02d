// What the kernels of shaders/reduce*.wgsl are told: a walk over what is kept, a second one over what is reduced, and how
// the second is cut into chunks. Strides and offsets count the units that the kernel's header names.

struct Params {
  extents: vec4u,
  x_strides: vec4u,
  result_strides: vec4u,
  reduced_extents: vec4u,
  reduced_strides: vec4u,
  x_origin: vec2u,
  result_origin: vec2u,
  outputs: u32, // units of the walk over what is kept
  chunks: u32,
  chunk_stride: u32, // in the result, between chunks
  length: u32, // units of a chunk
  total: u32, // units of a whole reduction
  factor: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
