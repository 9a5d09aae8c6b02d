// Four rows at a time: what the barrier-free kernels for longer sequences share.
#include "lib/attention/mask.wgsl"

// Chunks of 4 columns that an invocation can hold: a depth of 128.
const CHUNKS = 32u;

// Elements at depth 0 of rows first … first + 3; rows past the last one repeat it.
fn rows_from(origin: u32, first: u32, last: u32, stride: u32) -> vec4u {
  return vec4u(origin) + min(vec4u(first) + vec4u(0u, 1u, 2u, 3u), vec4u(last)) * stride;
}

fn queries_at(at: vec4u, c: u32) -> mat4x4f {
  return mat4x4f(
    load_query(at.x, c), load_query(at.y, c), load_query(at.z, c), load_query(at.w, c),
  );
}

fn keys_at(at: vec4u, c: u32) -> mat4x4f {
  return mat4x4f(load_key(at.x, c), load_key(at.y, c), load_key(at.z, c), load_key(at.w, c));
}

fn values_at(at: vec4u, c: u32) -> mat4x4f {
  return mat4x4f(
    load_value(at.x, c), load_value(at.y, c), load_value(at.z, c), load_value(at.w, c),
  );
}

fn mask_keys(scores: mat4x4f, i: u32, j: u32) -> mat4x4f {
  return mat4x4f(
    mask_row(scores[0], i, j),
    mask_row(scores[1], i + 1u, j),
    mask_row(scores[2], i + 2u, j),
    mask_row(scores[3], i + 3u, j),
  );
}

fn exponentials(scores: mat4x4f, peak: vec4f) -> mat4x4f {
  return mat4x4f(
    exponential_row(scores[0], peak.x),
    exponential_row(scores[1], peak.y),
    exponential_row(scores[2], peak.z),
    exponential_row(scores[3], peak.w),
  );
}
