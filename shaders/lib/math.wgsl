// Scalar functions whose WGSL builtins are missing or too loose. exp is the builtin (3 + 2|x| ULP), always of a
// bounded negative argument, so nothing overflows; no function here relies on NaN or infinity.
#include "lib/finite.wgsl"

// ln(1 + x) for x in [0, 1], within 4 ULP, also for tiny x: x - s (x - r) with s = x / (2 + x) and
// r = 2 (artanh(s) / s - 1). The leading term is exact, so a loose division costs less than half of its error.
fn log1p_exact(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let z = s * s;
  let far = 0.18181818181818182 + z * (0.15384615384615385 + z * 0.13333333333333333);
  let near = 0.4 + z * (0.2857142857142857 + z * (0.2222222222222222 + z * far));
  let r = z * (0.6666666666666666 + z * near);
  return x - s * (x - r);
}

// ln(1 + x) for any x >= 0, NaN of NaN; the builtin is within 3 ULP where it is used, above 2.
fn log_of_one_plus(x: f32) -> f32 {
  return unless_nan(x, select(log(1.0 + max(x, 1.0)), log1p_exact(min(x, 1.0)), x <= 1.0));
}

// The cross-entropy of a row, shift + ln(wrong + own), of the masses of its wrong classes and of its own, e^-shift. When the label leads,
// shift is 0 and own is 1, and the tiny sum of the others must survive: also under fast-math compilers (Metal's), which would add it to
// own first.
fn loss_of_masses(shift: f32, wrong: f32, own: f32) -> f32 {
  return shift + log_of_one_plus(select(wrong + (own - 1.0), wrong, shift <= 0.0));
}

// ln(1 + e^x), relative precision kept where it is tiny: softplus(-18) = 1.5e-8 is right to 1e-5.
fn softplus(x: f32) -> f32 {
  return max(x, 0.0) + log1p_exact(exp(-min(abs(x), 104.0)));
}

// tanh within 1e-6, odd, and exactly +-1 far out instead of inf / inf. Taylor below 0.4, for relative precision.
fn tanh_safe(x: f32) -> f32 {
  let a = min(abs(x), 15.0);
  if (a < 0.4) {
    let z = x * x;
    let far = -0.05396825396825397 + z * (0.021869488536155203 + z * -0.008863235529902197);
    return x + x * z * (-0.3333333333333333 + z * (0.13333333333333333 + z * far));
  }
  let e = exp(-2.0 * a);
  return select(1.0, -1.0, x < 0.0) * (1.0 - e) / (1.0 + e);
}

// Upper tail of the normal distribution at a >= 1: e^(-a^2/2) m(t), t = 1 / (1 + 0.4 a). The polynomial is our
// own minimax fit of the scaled complementary error function on [1, 14]: 8e-8 relative, 4e-7 once in float32.
fn normal_upper_tail(a: f32) -> f32 {
  let b = min(a, 14.0);
  let t = 1.0 / (1.0 + 0.4 * b);
  let high = 0.057146755207825924 + t * (0.1029963135080172 + t * (-0.1845603831573453 + t * 0.06751049579584563));
  let low = 0.15957899801100475 + t * (0.15924102584516792 + t * (0.13837420755121121 + t * high));
  return exp(-0.5 * b * b) * (8.149325838871268e-7 + t * low);
}

// Normal distribution function minus a half, for |x| < 1: Taylor, 3e-9 left out.
fn normal_central(x: f32) -> f32 {
  let z = x * x;
  let far = 0.00011543468761615529 + z * (-9.444656259503615e-6 + z * (6.659693516316652e-7 + z * -4.12266741486269e-8));
  let near = 0.009973557010035817 + z * (-0.0011873282154804544 + z * far);
  return x * (0.3989422804014327 + z * (-0.06649038006690545 + z * near));
}

// Normal distribution function, (1 + erf(x / sqrt 2)) / 2, within 2e-7; relative precision in the lower tail.
fn normal_cdf(x: f32) -> f32 {
  if (abs(x) < 1.0) {
    return 0.5 + normal_central(x);
  }
  let tail = normal_upper_tail(abs(x));
  return select(tail, 1.0 - tail, x > 0.0);
}

// GELU in its erf form, x times the normal distribution function: not the tanh approximation.
fn gelu(x: f32) -> f32 {
  return x * normal_cdf(x);
}

// Derivative of gelu: cdf(x) + x density(x).
fn gelu_gradient(x: f32) -> f32 {
  let b = min(abs(x), 14.0);
  return normal_cdf(x) + select(b, -b, x < 0.0) * 0.3989422804014327 * exp(-0.5 * b * b);
}
