// NaN and infinity, bit by bit: WGSL may assume that neither exists, so x != x does not work, and max, min, comparisons and on some
// adapters exp and log lose a NaN. Sums and products keep it.

fn is_finite_bits(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

fn are_nan(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

// What a function makes of x, but NaN of NaN.
fn unless_nan4(x: vec4f, value: vec4f) -> vec4f {
  return select(value, x, are_nan(x));
}

fn unless_nan(x: f32, value: f32) -> f32 {
  return unless_nan4(vec4f(x), vec4f(value)).x;
}

// The value, or NaN.
fn unless_lost(lost: bool, value: f32) -> f32 {
  return bitcast<f32>(select(bitcast<u32>(value), 0x7fc00000u, lost));
}
