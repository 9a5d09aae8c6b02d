// Standard normals by Box-Muller, both outputs used; twin of src/random/normal.ts, where the method is explained.
// Integer exponent and quadrant, own polynomials: WGSL's log, sin and cos are too loose (2^-21, 2^-11) and are
// not used. Within 8 ULP of the twin where division and sqrt keep WGSL's bounds.

// -ln(u) for u = (word | 1) * 2^-32 cut to 24 significant bits: ln(1 + f) = f - s (f - r), s = f / (2 + f).
fn negative_log(word: u32) -> f32 {
  let odd = word | 1u;
  let zeros = countLeadingZeros(odd);
  let wide = f32((odd << zeros) >> 8u) * 0x1p-24;
  let low = wide < 0.70710678118654752;
  let x = select(wide, 2.0 * wide, low);
  let halvings = f32(zeros + select(0u, 1u, low));
  let f = x - 1.0;
  let s = f / (2.0 + f);
  let z = s * s;
  let tail = 0.4 + z * (0.2857142857142857 + z * 0.2222222222222222);
  let r = z * (0.6666666666666666 + z * tail);
  return halvings * 0.6931471805599453 - (f - s * (f - r));
}

// (cos, sin) of 2 pi word 2^-32, to 26 bits of phase.
fn unit_circle(word: u32) -> vec2f {
  let shifted = word + 0x20000000u;
  let quadrant = shifted >> 30u;
  let cell = (i32(shifted & 0x3fffffffu) - 0x20000000) >> 6u;
  let angle = (f32(cell) + 0.5) * 9.362675707309822e-8;
  let z = angle * angle;
  let sin_tail = 0.008333333333333333 + z * (-0.0001984126984126984 + z * 2.7557319223985893e-6);
  let sine = angle + angle * z * (-0.16666666666666666 + z * sin_tail);
  let cos_tail = -0.001388888888888889 + z * (2.48015873015873e-5 + z * -2.755731922398589e-7);
  let cosine = 1.0 - (0.5 * z - z * z * (0.041666666666666664 + z * cos_tail));
  let odd = (quadrant & 1u) == 1u;
  let c = select(cosine, sine, odd);
  let s = select(sine, cosine, odd);
  return vec2f(select(c, -c, quadrant == 1u || quadrant == 2u), select(s, -s, quadrant >= 2u));
}

// Four independent standard normals from four words.
fn normals(words: vec4u) -> vec4f {
  let first = sqrt(2.0 * negative_log(words.x)) * unit_circle(words.y);
  let second = sqrt(2.0 * negative_log(words.z)) * unit_circle(words.w);
  return vec4f(first, second);
}
