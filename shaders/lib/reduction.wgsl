// What the reduce kernels share: which values are combined, how, and where the k-th value of a reduction lies.

#include "lib/finite.wgsl"

override MAXIMUM: bool = false; // combine by max instead of +
override SQUARE: bool = false; // combine the squares of the values
override ROOT: bool = false; // take the square root of the end result
override REDUCED_RANK: u32 = 1u; // axes that are reduced, after merging: 1 to 4

const LOWEST = -0x1.fffffep+127;

fn combine4(a: vec4f, b: vec4f) -> vec4f {
  if (MAXIMUM) {
    return unless_nan4(a, unless_nan4(b, max(a, b)));
  }
  return a + b;
}

fn combine(a: f32, b: f32) -> f32 {
  return combine4(vec4f(a), vec4f(b)).x;
}

fn neutral() -> f32 {
  return select(0.0, LOWEST, MAXIMUM);
}

fn prepare4(value: vec4f) -> vec4f {
  if (SQUARE) {
    return value * value;
  }
  return value;
}

fn prepare(value: f32) -> f32 {
  if (SQUARE) {
    return value * value;
  }
  return value;
}

fn finish(value: f32, factor: f32) -> f32 {
  if (ROOT) {
    return select(sqrt(value), value, value == 0.0);
  }
  if (MAXIMUM) {
    return value;
  }
  return value * factor;
}

// Offset of the k-th value of a reduction, row-major over the reduced axes, innermost last.
fn reduced_at(k: u32, extents: vec4u, strides: vec4u) -> u32 {
  if (REDUCED_RANK == 1u) {
    return k * strides.w;
  }
  var rest = k / extents.w;
  var at = (k % extents.w) * strides.w;
  if (REDUCED_RANK == 2u) {
    return at + rest * strides.z;
  }
  at += (rest % extents.z) * strides.z;
  rest /= extents.z;
  if (REDUCED_RANK == 3u) {
    return at + rest * strides.y;
  }
  return at + (rest % extents.y) * strides.y + (rest / extents.y) * strides.x;
}
